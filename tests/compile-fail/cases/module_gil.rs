//~ write `used` if the module needs the GIL, or `not_used`, which is the default

use hpy::prelude::*;

hpy_module! {
    name: sample,
    gil: false,
}

fn main() {}
