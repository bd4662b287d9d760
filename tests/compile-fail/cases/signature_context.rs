//~ Python does not pass `ctx`: remove it from the signature

use hpy::prelude::*;

#[hpy_method(signature = (ctx, a))]
fn function(ctx: Context<'_>, a: i64) -> i64 {
    drop(ctx.none());
    a
}

fn main() {}
