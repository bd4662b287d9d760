//~ `**kw` can't be taken as `Vec<i64>`

use hpy::prelude::*;

#[hpy_method(signature = (**options))]
fn function(options: Vec<i64>) -> usize {
    options.len()
}

fn main() {}
