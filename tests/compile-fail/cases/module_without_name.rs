//~ a module needs a name: write `name: …,`, the name that Python imports

use hpy::prelude::*;

#[hpy_method]
fn function() {}

hpy_module! {
    methods: [function],
}

fn main() {}
