//~ `Color` is not a Python type
//~ an enum whose variants hold no data, and a structure sequence, are classes of Python's own

use hpy::prelude::*;

#[hpy_type]
enum Color {
    Red,
}

#[hpy_methods]
impl Color {
    fn value(&self) -> u8 {
        0
    }
}

fn main() {}
