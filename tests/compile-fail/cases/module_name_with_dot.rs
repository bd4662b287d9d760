//~ write the last part, and place the file in its package

use hpy::prelude::*;

hpy_module! {
    name: "package.sample",
}

fn main() {}
