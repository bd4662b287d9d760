//~ a method with `self` belongs in an `impl` with #[hpy_methods]

use hpy::prelude::*;

#[hpy_method]
fn norm(&self) -> f64 {
    0.0
}

fn main() {}
