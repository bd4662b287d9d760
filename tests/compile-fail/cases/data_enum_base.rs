//~ nobody may derive from an enum

use hpy::prelude::*;

#[hpy_type]
enum Shape {
    Circle { radius: f64 },
}

#[hpy_type(base = Shape)]
struct Round {}

#[hpy_methods]
impl Shape {
    // An enum's value never changes.
    fn grow(&mut self) {}
}

fn main() {}
