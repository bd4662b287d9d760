//~ a Python method can't return `Point`

use hpy::prelude::*;

struct Point;

#[hpy_method]
fn origin() -> Point {
    Point
}

fn main() {}
