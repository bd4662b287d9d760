//~ nothing can follow `**options`: move this before it

use hpy::prelude::*;

#[hpy_method(signature = (**options, a))]
fn function(options: &Handle<'_, Dict>, a: i64) -> i64 {
    drop(options.dup());
    a
}

fn main() {}
