//~ no conversion from a Python object to `&mut hpy::Handle

use hpy::prelude::*;

#[hpy_method]
fn replace(object: &mut Handle<'_>) {
    *object = object.dup();
}

fn main() {}
