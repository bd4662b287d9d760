//~ `Point: Clone` is not satisfied

use hpy::prelude::*;

#[hpy_type(from_handle)]
struct Point {
    x: f64,
}

fn main() {}
