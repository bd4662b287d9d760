//~ `(f64, Celsius)` is not the data of a new `Celsius`
//~ the data of both: `(Self, Base)`

use hpy::prelude::*;

#[hpy_type(base = float)]
struct Celsius;

#[hpy_methods]
impl Celsius {
    #[new]
    fn new(degrees: f64) -> (f64, Self) {
        (degrees, Celsius)
    }
}

fn main() {}
