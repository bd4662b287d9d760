//~ unused `Result` that must be used

#![deny(unused_must_use)]

use hpy::prelude::*;

#[hpy_method]
fn add<'ctx>(list: &Handle<'ctx, List>, item: &Handle<'ctx>) {
    list.append(item);
}

fn main() {}
