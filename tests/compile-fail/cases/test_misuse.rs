//~ a test takes the context and nothing else: `ctx: Context<'_>`
//~ (without Python, plain #[test] does)
//~ a test cannot be `async`
//~ #[hpy::test] makes the function a test already: remove this
//~ a test has no type parameters: nobody calls it with types
//~ #[hpy::test] has one option: `parallel`, for tests that run at the same time
//~ #[hpy::test] goes on a free function with a body

use hpy::prelude::*;

#[hpy::test]
fn takes_nothing() {}

#[hpy::test]
fn takes_a_number(number: i64) {
    let _ = number;
}

#[hpy::test]
fn takes_more(ctx: Context<'_>, module: &Handle<'_, Module>) {
    let _ = (ctx, module);
}

#[hpy::test]
async fn waits(ctx: Context<'_>) {
    let _ = ctx;
}

#[hpy::test]
#[test]
fn tested_twice(ctx: Context<'_>) {
    let _ = ctx;
}

#[hpy::test]
fn of_any_type<T>(ctx: Context<'_>) {
    let _ = ctx;
}

#[hpy::test(serial)]
fn with_an_option(ctx: Context<'_>) {
    let _ = ctx;
}

#[hpy::test]
struct NoFunction;

fn main() {}
