//~ no `hpy_module_sample_stands_once_in_a_module_and_never_in_a_function`

use hpy::prelude::*;

fn main() {
    hpy_module! {
        name: sample,
    }
}
