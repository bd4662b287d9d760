//~ types are not supported yet: remove the entry

use hpy::prelude::*;

struct Point;

hpy_module! {
    name: sample,
    types: [Point],
}

fn main() {}
