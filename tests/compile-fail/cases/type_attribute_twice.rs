//~ a field with #[hpy(get)] has the name of a method or attribute

use hpy::prelude::*;

#[hpy_type]
struct Point {
    #[hpy(get, set)]
    x: f64,
}

#[hpy_methods]
impl Point {
    #[getter]
    fn x(&self) -> f64 {
        self.x
    }
}

fn main() {}
