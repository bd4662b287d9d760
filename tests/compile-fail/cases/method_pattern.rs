//~ write a plain name here, and destructure the value in the body

use hpy::prelude::*;

#[hpy_method]
fn sum((a, b): (i64, i64)) -> i64 {
    a + b
}

fn main() {}
