//~ a Python type cannot be generic: remove the parameter

use hpy::prelude::*;

#[hpy_type]
struct Node<'ctx> {
    next: Handle<'ctx>,
}

fn main() {}
