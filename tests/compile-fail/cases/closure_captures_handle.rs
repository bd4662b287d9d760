//~ the closure captures what only this call or this thread may use
//~ in place of a context, use the one that the closure gets: `|ctx, args, keywords| …`
//~ in place of an object, capture a `Persistent`

use hpy::prelude::*;
use hpy::types::Callable;

#[hpy_method]
fn kept<'ctx>(ctx: Context<'ctx>, object: &Handle<'ctx>) -> Result<Handle<'ctx, Callable>> {
    let object = object.dup();
    ctx.closure("kept", "", move |_, _, _| Ok(object.dup()))
}

#[hpy_method]
fn result<'ctx>(ctx: Context<'ctx>, function: &Handle<'ctx>) -> Result<Handle<'ctx, Callable>> {
    let result: Result<Handle<'_>> = function.call0();
    ctx.closure("result", "", move |ctx, _, _| match &result {
        Ok(object) => Ok(object.dup()),
        Err(_) => ctx.handle(()),
    })
}

#[hpy_method]
fn context<'ctx>(ctx: Context<'ctx>) -> Result<Handle<'ctx, Callable>> {
    ctx.closure("context", "", move |_, args, _| ctx.handle(args.len()))
}

fn main() {}
