//~ cannot move out of `*object` which is behind a shared reference

use hpy::prelude::*;

#[hpy_method]
fn give<'ctx>(object: &Handle<'ctx>) -> Handle<'ctx> {
    *object
}

fn main() {}
