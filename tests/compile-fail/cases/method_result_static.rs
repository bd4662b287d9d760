//~ a handle lives only as long as the call

use hpy::prelude::*;

#[hpy_method]
fn keep<'ctx>(object: &Handle<'ctx>) -> Result<Handle<'static>> {
    Ok(object.dup())
}

fn main() {}
