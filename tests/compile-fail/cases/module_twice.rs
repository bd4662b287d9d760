//~ hpy_module_sample

use hpy::prelude::*;

hpy_module! {
    name: sample,
}

hpy_module! {
    name: sample,
}

fn main() {}
