//~ the function has no parameter `frist`: did you mean `first`?
//~ the signature does not say how to pass `first`

use hpy::prelude::*;

#[hpy_method(signature = (frist, second = 2))]
fn function(first: i64, second: i64) -> i64 {
    first + second
}

fn main() {}
