//~ `length` is not a Python method

use hpy::prelude::*;
use hpy::types::Callable;

#[allow(non_camel_case_types)]
struct length;

#[hpy_method]
fn found<'ctx>(ctx: Context<'ctx>) -> Result<Handle<'ctx, Callable>> {
    ctx.function::<length>()
}

fn main() {}
