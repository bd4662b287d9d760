//~ leave this lifetime out, or give the reference one of its own

use hpy::prelude::*;

#[hpy_method]
fn length<'ctx>(object: &'ctx Handle<'ctx>) -> Result<usize> {
    object.len()
}

fn main() {}
