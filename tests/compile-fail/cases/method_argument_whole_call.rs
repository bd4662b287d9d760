//~ remove this lifetime, or give the reference its own

use hpy::prelude::*;

#[hpy_method]
fn same<'ctx>(object: &'ctx Handle<'ctx>) -> bool {
    object.is(object)
}

fn main() {}
