//~ `Color` is not a Python type
//~ an enum is a class of Python's own, without methods in Rust

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
