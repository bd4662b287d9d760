//~ Python has no `__lenn__`: did you mean `__len__`?
//~ the constructor is a function with #[new] above it

use hpy::prelude::*;

#[hpy_type]
struct Row(Vec<f64>);

#[hpy_methods]
impl Row {
    fn __lenn__(&self) -> usize {
        self.0.len()
    }

    fn __new__() -> Self {
        Row(Vec::new())
    }
}

fn main() {}
