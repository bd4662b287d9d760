//~ what is equal has the same hash: write `eq, hash`, or an `__eq__` in #[hpy_methods]

use hpy::prelude::*;

#[hpy_type(frozen, hash)]
#[derive(Hash)]
struct Version(u32);

fn main() {}
