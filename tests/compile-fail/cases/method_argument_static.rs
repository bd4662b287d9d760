//~ it lives as long as the call, never `'static`

use hpy::prelude::*;

#[hpy_method]
fn keep(object: &Handle<'static>) {
    drop(object.dup());
}

fn main() {}
