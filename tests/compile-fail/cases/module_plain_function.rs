//~ `function` is not a Python method
//~ put `#[hpy_method]` above `fn function`

use hpy::prelude::*;

fn function() {}

hpy_module! {
    name: sample,
    methods: [function],
}

fn main() {}
