//~ must_stand_in_a_module_not_in_a_function

use hpy::prelude::*;

fn main() {
    hpy_module! {
        name: sample,
    }
}
