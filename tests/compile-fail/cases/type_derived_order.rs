//~ `ord` needs `eq`: write `eq, ord`
//~ the hash of an object must not change: write `frozen, hash`

use hpy::prelude::*;

#[hpy_type(ord, hash)]
#[derive(PartialEq, PartialOrd, Hash)]
struct Version(u32);

fn main() {}
