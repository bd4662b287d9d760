//~ the signature says how arguments are passed: remove `keywords`
//~ Python decides how to pass arguments to `__len__`: remove `keywords`

use hpy::prelude::*;

#[hpy_method(keywords, signature = (a, b = 1))]
fn both(a: i64, b: i64) -> i64 {
    a + b
}

#[hpy_type]
struct Bag;

#[hpy_methods(keywords)]
impl Bag {
    // Without a word of its own it is left out.
    fn __bool__(&self) -> bool {
        true
    }

    #[hpy(keywords)]
    fn __len__(&self) -> usize {
        0
    }
}

fn main() {}
