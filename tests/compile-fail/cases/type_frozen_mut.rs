//~ `Point` is frozen: its data cannot be borrowed mutably

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
