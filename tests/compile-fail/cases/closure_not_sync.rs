//~ the closure captures what only this call or this thread may use
//~ in place of a `Cell`, a `RefCell` or an `Rc`, an atomic, a `Mutex` or an `Arc`

use hpy::prelude::*;
use hpy::types::Callable;
use std::cell::Cell;
use std::rc::Rc;

#[hpy_method]
fn counter<'ctx>(ctx: Context<'ctx>) -> Result<Handle<'ctx, Callable>> {
    let count = Cell::new(0_i64);
    ctx.closure("count", "", move |ctx, _, _| {
        count.set(count.get() + 1);
        ctx.handle(count.get())
    })
}

#[hpy_method]
fn shared<'ctx>(ctx: Context<'ctx>) -> Result<Handle<'ctx, Callable>> {
    let number = Rc::new(1_i64);
    ctx.closure("shared", "", move |ctx, _, _| ctx.handle(*number))
}

fn main() {}
