//~ a member of Python's enums holds nothing

use hpy::prelude::*;

#[hpy_type]
enum Shape {
    Circle(f64),
    Empty,
}

fn main() {}
