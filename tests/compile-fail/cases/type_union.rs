//~ what a union holds cannot be told, nor dropped

use hpy::prelude::*;

#[hpy_type]
union Bits {
    number: u32,
    float: f32,
}

fn main() {}
