//~ a Python method can't return `Thread`

use hpy::prelude::*;
use hpy::types::PyIterator;

#[hpy_method]
fn threads<'ctx>(ctx: Context<'ctx>) -> Result<Handle<'ctx, PyIterator>> {
    ctx.iterator(vec![std::thread::current()])
}

fn main() {}
