//~ type mismatch resolving `<Point as PyClass>::Access == Checked`

use hpy::prelude::*;

#[hpy_type(frozen)]
struct Point {
    x: f64,
}

#[hpy_methods]
impl Point {
    fn shift(&mut self, by: f64) {
        self.x += by;
    }
}

fn main() {}
