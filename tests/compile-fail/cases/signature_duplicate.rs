//~ `a` appears twice in the signature: keep one

use hpy::prelude::*;

#[hpy_method(signature = (a, a))]
fn function(a: i64) -> i64 {
    a
}

fn main() {}
