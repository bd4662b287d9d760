//~ a Python type is one type: leave the parameter out

use hpy::prelude::*;

#[hpy_type]
struct Node<'ctx> {
    next: Handle<'ctx>,
}

fn main() {}
