//~ cannot be taken from a Python object

use hpy::prelude::*;

struct Secret;

#[hpy_type(new)]
struct Point {
    x: f64,
    secret: Secret,
}

fn main() {}
