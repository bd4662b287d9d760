//~ duplicate definitions with name `__HPY_METHODS`

use hpy::prelude::*;

#[hpy_type]
struct Point(f64);

#[hpy_methods]
impl Point {
    fn x(&self) -> f64 {
        self.0
    }
}

#[hpy_methods]
impl Point {
    fn y(&self) -> f64 {
        self.0
    }
}

fn main() {}
