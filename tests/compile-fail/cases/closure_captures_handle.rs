//~ cannot be sent between threads safely

use hpy::prelude::*;
use hpy::types::Callable;

#[hpy_method]
fn kept<'ctx>(ctx: Context<'ctx>, object: &Handle<'ctx>) -> Result<Handle<'ctx, Callable>> {
    let object = object.dup();
    ctx.closure("kept", "", move |_, _, _| Ok(object.dup()))
}

fn main() {}
