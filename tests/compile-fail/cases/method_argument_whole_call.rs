//~ leave this lifetime out, or give the reference one of its own

use hpy::prelude::*;

#[hpy_method]
fn same<'ctx>(object: &'ctx Handle<'ctx>) -> bool {
    object.is(object)
}

fn main() {}
