//~ a Python type is one type: leave the parameter out

use hpy::prelude::*;

#[hpy_type]
struct Stack<T> {
    items: Vec<T>,
}

fn main() {}
