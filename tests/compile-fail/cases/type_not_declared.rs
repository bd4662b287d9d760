//~ `Plain` is not a Python type
//~ put `#[hpy_type]` above its definition

use hpy::prelude::*;

struct Plain;

hpy_module! {
    name: plain,
    types: [Plain],
}

fn main() {}
