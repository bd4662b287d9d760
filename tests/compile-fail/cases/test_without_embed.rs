//~ #[hpy::test] runs in an interpreter, which needs the feature `embed`: under

use hpy::prelude::*;

#[hpy::test]
fn uses_python(ctx: Context<'_>) {
    let _ = ctx;
}

fn main() {}
