//~ no conversion from `Point` to a Python object
//~ implement `IntoHandle` for your own types

use hpy::prelude::*;

struct Point;

hpy_module! {
    name: sample,
    constants: { ORIGIN: Point },
}

fn main() {}
