//~ `Point` is frozen: its data cannot be borrowed mutably

use hpy::prelude::*;

#[hpy_type(frozen)]
struct Point {
    x: f64,
}

#[hpy_method]
fn shift(mut point: RefMut<'_, Point>) {
    point.x += 1.0;
}

fn main() {}
