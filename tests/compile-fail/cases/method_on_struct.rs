//~ for a Python type write #[hpy_type]

use hpy::prelude::*;

#[hpy_method]
struct Point {
    _x: f64,
}

fn main() {}
