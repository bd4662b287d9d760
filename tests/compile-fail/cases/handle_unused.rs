//~ a handle that is not used is closed at once

#![deny(unused_must_use)]

use hpy::prelude::*;

#[hpy_method]
fn copy<'ctx>(object: &Handle<'ctx>) {
    object.dup();
}

fn main() {}
