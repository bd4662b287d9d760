//~ `Vec<u8>` is not a Python type that a handle can be checked for

use hpy::prelude::*;
use hpy::types::WeakRef;

#[hpy_method]
fn work<'ctx>(reference: &Handle<'ctx, WeakRef>) -> Result<bool> {
    Ok(reference.upgrade_as::<Vec<u8>>()?.is_some())
}

fn main() {}
