//~ a parameter of type `i64` cannot have a text as its default
//~ write a Rust expression of the parameter's type, or make the parameter an `Option`
//~ expected `Option<i64>`, found `Option<f64>`

use hpy::prelude::*;

const SCALE: f64 = 1.0;

#[hpy_method(signature = (number = "1"))]
fn text(number: Option<i64>) -> Option<i64> {
    number
}

#[hpy_method(signature = (number = SCALE))]
fn name(number: Option<i64>) -> Option<i64> {
    number
}

fn main() {}
