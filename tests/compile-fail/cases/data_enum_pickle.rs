//~ `pickle` makes the `__reduce__`

use hpy::prelude::*;

#[hpy_type(pickle)]
enum Shape {
    Circle { radius: f64 },
    Nothing,
}

#[hpy_methods]
impl Shape {
    fn __reduce__(&self) -> u8 {
        0
    }
}

fn main() {}
