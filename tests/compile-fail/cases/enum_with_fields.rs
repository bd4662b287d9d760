//~ a member of a Python enum has no fields

use hpy::prelude::*;

#[hpy_type]
enum Shape {
    Circle(f64),
    Empty,
}

fn main() {}
