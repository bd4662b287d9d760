//~ write a plain name here, and take the value apart in the body

use hpy::prelude::*;

#[hpy_method]
fn sum((a, b): (i64, i64)) -> i64 {
    a + b
}

fn main() {}
