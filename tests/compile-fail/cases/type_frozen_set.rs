//~ the data of a frozen type cannot change: remove `set` here or `frozen` above

use hpy::prelude::*;

#[hpy_type(frozen)]
struct Point {
    #[hpy(get, set)]
    x: f64,
}

fn main() {}
