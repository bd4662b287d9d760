//~ write #[hpy_methods] above the impl

use hpy::prelude::*;

struct Point;

#[hpy_method]
impl Point {}

fn main() {}
