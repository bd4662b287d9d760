//~ ForThisThreadAndCallOnly + 'static)` cannot be sent between threads safely

use hpy::prelude::*;

#[hpy_method]
fn work<'ctx>(ctx: Context<'ctx>) {
    let made = ctx.detach(|| None::<Handle<'static>>);
    drop(made);
}

fn main() {}
