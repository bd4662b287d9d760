//~ the name `hpy_module_sample_stands_once_in_a_module_and_never_in_a_function` is
//~   defined multiple times

use hpy::prelude::*;

hpy_module! {
    name: sample,
}

hpy_module! {
    name: sample,
}

fn main() {}
