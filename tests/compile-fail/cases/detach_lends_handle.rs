//~ can't be lent to work that runs without Python

use hpy::prelude::*;

#[hpy_method]
fn work<'ctx>(ctx: Context<'ctx>, object: &Handle<'ctx>) {
    ctx.detach_with(object, |object| drop(object.dup()));
}

fn main() {}
