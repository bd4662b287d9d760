//~ a Python type cannot be generic: remove the parameter

use hpy::prelude::*;

#[hpy_type]
struct Stack<T> {
    items: Vec<T>,
}

fn main() {}
