//~ Python passes no argument to `__len__`: write `fn __len__(&self) -> usize`
//~ Python passes one argument to `__getitem__`
//~ Python passes 2 arguments to `__setitem__`

use hpy::prelude::*;

#[hpy_type]
struct Row(Vec<f64>);

#[hpy_methods]
impl Row {
    fn __len__(&self, _scale: usize) -> usize {
        self.0.len()
    }

    fn __getitem__(&self) -> f64 {
        0.0
    }

    fn __setitem__(&mut self, _index: usize) {}
}

fn main() {}
