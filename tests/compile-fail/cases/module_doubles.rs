//~ this method is listed twice: keep one
//~ the constant `A` is given twice: keep one

use hpy::prelude::*;

#[hpy_method]
fn function() {}

hpy_module! {
    name: sample,
    methods: [function, function],
    constants: { A: 1, A: 2 },
}

fn main() {}
