//~ a union's active field is unknown

use hpy::prelude::*;

#[hpy_type]
union Bits {
    number: u32,
    float: f32,
}

fn main() {}
