//~ the signature has `b` where the function has `a`: write both in the same order

use hpy::prelude::*;

#[hpy_method(signature = (b, a))]
fn function(a: i64, b: i64) -> i64 {
    a - b
}

fn main() {}
