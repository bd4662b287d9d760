//~ `cache` does not live long enough

use hpy::prelude::*;

#[hpy_method]
fn keep(object: &Handle<'_>) -> Result<()> {
    let cache = Global::new();
    cache.store(object)
}

fn main() {}
