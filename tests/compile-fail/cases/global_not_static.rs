//~ temporary value dropped while borrowed

use hpy::prelude::*;

const CACHE: Global = Global::new();

hpy_module! {
    name: sample,
    globals: [CACHE],
}

fn main() {}
