//~ `__len__` can't return `i8`
//~ `__hash__` can't return `String`
//~ `__buffer__` can't return `Vec<f64>`

use hpy::prelude::*;

#[hpy_type]
struct Row(Vec<f64>);

#[hpy_methods]
impl Row {
    fn __len__(&self) -> i8 {
        0
    }

    fn __hash__(&self) -> String {
        String::new()
    }

    fn __buffer__(&self) -> Vec<f64> {
        self.0.clone()
    }
}

fn main() {}
