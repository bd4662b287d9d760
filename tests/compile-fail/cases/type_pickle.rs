//~ `pickle` makes the `__reduce__`

use hpy::prelude::*;

#[hpy_type(pickle)]
struct Point {
    x: f64,
}

#[hpy_methods]
impl Point {
    fn __reduce__(&self) -> u8 {
        0
    }
}

#[hpy_type(subclass)]
struct Plain {}

#[hpy_type(subclass, base = Plain, pickle)]
struct Derived {}

#[hpy_type(subclass, pickle)]
struct Pickled {}

#[hpy_type(base = Pickled)]
struct Forgets {
    x: f64,
}

#[hpy_type(pickle = serde)]
struct BySerde {}

#[hpy_type(pickle = json)]
struct ByJson {}

fn main() {}
