//~ `Handle<'_>`

use hpy::prelude::*;

#[hpy_method]
fn same(object: Handle<'_>) -> bool {
    object.is(&object)
}

fn main() {}
