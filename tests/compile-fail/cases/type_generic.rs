//~ a Python type cannot be generic: list a class for each instance

use hpy::prelude::*;

#[hpy_type]
struct Stack<T> {
    items: Vec<T>,
}

fn main() {}
