//~ no conversion from a Python object to `Shape`

// An argument that is the value itself is a copy of the object's.

use hpy::prelude::*;

#[hpy_type]
enum Shape {
    Circle { radius: f64 },
}

#[hpy_method]
fn area(shape: Shape) -> f64 {
    match shape {
        Shape::Circle { radius } => radius,
    }
}

fn main() {}
