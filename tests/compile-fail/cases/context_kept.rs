//~ borrowed data escapes outside of function

use hpy::prelude::*;

use std::cell::Cell;

thread_local! {
    static KEPT: Cell<Option<Context<'static>>> = const { Cell::new(None) };
}

#[hpy_method]
fn keep(ctx: Context<'_>) {
    KEPT.set(Some(ctx));
}

fn main() {}
