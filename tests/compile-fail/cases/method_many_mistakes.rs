//~ write a safe fn that checks it
//~ `*` makes the parameters after it keyword-only, and there are none
//~ `second` has no default but follows `first`, which has one

use hpy::prelude::*;

#[hpy_method(signature = (first = 1, second, *))]
unsafe fn function(first: i64, second: i64) -> i64 {
    first + second
}

fn main() {}
