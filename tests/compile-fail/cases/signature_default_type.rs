//~ expected `f64`, found integer

use hpy::prelude::*;

#[hpy_method(signature = (scale = 1))]
fn function(scale: f64) -> f64 {
    scale
}

fn main() {}
