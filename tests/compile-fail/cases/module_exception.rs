//~ is not an exception that a module can have

use hpy::exceptions::ValueError;
use hpy::prelude::*;

hpy_module! {
    name: errors,
    exceptions: [ValueError],
}

fn main() {}
