//~ `Point`

use hpy::prelude::*;

struct Point;

hpy_module! {
    name: sample,
    constants: { ORIGIN: Point },
}

fn main() {}
