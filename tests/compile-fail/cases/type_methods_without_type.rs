//~ `Plain` is not a Python type

use hpy::prelude::*;

struct Plain(f64);

#[hpy_methods]
impl Plain {
    fn value(&self) -> f64 {
        self.0
    }
}

fn main() {}
