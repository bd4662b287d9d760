//~ `/` must come before `*`: it ends the positional-only parameters

use hpy::prelude::*;

#[hpy_method(signature = (a, *, b, /))]
fn function(a: i64, b: i64) -> i64 {
    a + b
}

fn main() {}
