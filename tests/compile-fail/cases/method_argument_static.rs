//~ an argument lives only as long as the call

use hpy::prelude::*;

#[hpy_method]
fn keep(object: &Handle<'static>) {
    drop(object.dup());
}

fn main() {}
