//~ there is no field `z`: expected one of `x` and `y`
//~ name a field in each pair of braces

use hpy::prelude::*;

#[hpy_type(str = "({x}, {z})", repr = "{}")]
struct Point {
    x: f64,
    y: f64,
}

fn main() {}
