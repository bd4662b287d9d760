//~ `fucntion` is not a Python method

use hpy::prelude::*;

#[hpy_method]
fn function() {}

hpy_module! {
    name: sample,
    methods: [fucntion],
}

fn main() {}
