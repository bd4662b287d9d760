//~ ForThisThreadAndCallOnly + 'static)` cannot be sent between threads safely

use hpy::prelude::*;

#[hpy_method]
fn work<'ctx>(ctx: Context<'ctx>, object: &Handle<'ctx>) {
    let object = object.dup();
    ctx.detach(move || drop(object));
}

fn main() {}
