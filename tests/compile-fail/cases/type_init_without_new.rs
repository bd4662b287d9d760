//~ `__init__` runs after the constructor, but there is none

use hpy::prelude::*;

#[hpy_type]
struct Row(f64);

#[hpy_methods]
impl Row {
    fn __init__(&mut self, size: f64) {
        self.0 = size;
    }
}

fn main() {}
