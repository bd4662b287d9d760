//~ `*args` can't be taken as `i64`

use hpy::prelude::*;

#[hpy_method(signature = (*args))]
fn function(args: i64) -> i64 {
    args
}

fn main() {}
