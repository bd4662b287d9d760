//~ Python does not look up `__traverse__`: the garbage collector finds a `Field` without
//~   it: remove it
//~ Python 3 calls `fn __bool__(&self) -> bool`

use hpy::prelude::*;

#[hpy_type]
struct Node {
    value: f64,
}

#[hpy_methods]
impl Node {
    fn __traverse__(&self) {}

    fn __clear__(&mut self) {}

    fn __getbuffer__(&self) -> f64 {
        self.value
    }

    fn __nonzero__(&self) -> bool {
        self.value != 0.0
    }

    fn __div__(&self, other: f64) -> f64 {
        self.value / other
    }

    fn __cmp__(&self, _other: f64) -> i64 {
        0
    }

    fn __getslice__(&self, _from: i64, _to: i64) -> f64 {
        0.0
    }
}

hpy_module! { name: names, types: [Node] }

fn main() {}
