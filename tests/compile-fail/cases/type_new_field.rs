//~ no conversion from a Python object to `Secret`

use hpy::prelude::*;

struct Secret;

#[hpy_type(new)]
struct Point {
    x: f64,
    secret: Secret,
}

fn main() {}
