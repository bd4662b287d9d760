//~ no conversion from a Python object to `Point`
//~ implement `FromHandle` for your own types

use hpy::prelude::*;

struct Point;

#[hpy_method]
fn norm(point: Point, scale: f64) -> f64 {
    drop(point);
    scale
}

fn main() {}
