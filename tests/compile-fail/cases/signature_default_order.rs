//~ `b` has no default but follows `a`, which has one: give `b` one too, or move it forward

use hpy::prelude::*;

#[hpy_method(signature = (a = 1, b))]
fn function(a: i64, b: i64) -> i64 {
    a + b
}

fn main() {}
