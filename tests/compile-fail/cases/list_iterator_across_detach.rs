//~ ForThisThreadAndCallOnly + 'static)` cannot be shared between threads safely

use hpy::prelude::*;

#[hpy_method]
fn count<'ctx>(ctx: Context<'ctx>, list: &Handle<'ctx, List>) -> usize {
    let items = list.iter();
    ctx.detach(move || items.count())
}

fn main() {}
