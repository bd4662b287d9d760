//~ expected `Handle<'_>`, found `Borrowed<'_, '_>`

use hpy::prelude::*;
use hpy::types::Callable;

#[hpy_method]
fn first<'ctx>(ctx: Context<'ctx>) -> Result<Handle<'ctx, Callable>> {
    ctx.closure("first", "", |_, args, _| Ok(args.get(0).unwrap()))
}

fn main() {}
