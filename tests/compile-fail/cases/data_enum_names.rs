//~ a variant has the name of a method

use hpy::prelude::*;

#[hpy_type]
enum Shape {
    #[hpy(name = "area")]
    Circle { radius: f64 },
    #[hpy(constructor = (radius, width))]
    Rect { w: f64 },
}

#[hpy_methods]
impl Shape {
    fn area(&self) -> f64 {
        0.0
    }
}

fn main() {}
