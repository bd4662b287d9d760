//~ ForThisThreadAndCallOnly + 'static)` cannot be sent between threads safely

use hpy::prelude::*;

#[hpy_method]
fn work(ctx: Context<'_>) {
    ctx.detach(move || drop(ctx.none()));
}

fn main() {}
