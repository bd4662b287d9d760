//~ `length` is not a Python method

use hpy::prelude::*;
use hpy::types::Callable;

struct length;

#[hpy_method]
fn found<'ctx>(ctx: Context<'ctx>) -> Result<Handle<'ctx, Callable>> {
    ctx.function::<length>()
}

fn main() {}
