//~ a metaclass derives from `type`

use hpy::prelude::*;

#[hpy_type]
struct Plain;

#[hpy_type(metaclass = Plain)]
struct Point;

fn main() {}
