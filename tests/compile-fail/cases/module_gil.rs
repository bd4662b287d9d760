//~ write `used` where the module needs that only one thread runs at a time, or `not_used`, which is the default

use hpy::prelude::*;

hpy_module! {
    name: sample,
    gil: false,
}

fn main() {}
