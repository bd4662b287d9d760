//~ cannot move out of `*object` which is behind a shared reference

use hpy::prelude::*;

#[hpy_method]
fn close<'ctx>(object: &Handle<'ctx>) {
    drop(*object);
}

fn main() {}
