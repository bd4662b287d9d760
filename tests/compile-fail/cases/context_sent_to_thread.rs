//~ ForThisThreadAndCallOnly + 'static)` cannot be sent between threads safely

use hpy::prelude::*;

#[hpy_method]
fn elsewhere(ctx: Context<'_>) {
    std::thread::scope(|scope| {
        scope.spawn(move || ctx.none().ctx());
    });
}

fn main() {}
