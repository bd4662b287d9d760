//~ put #[hpy_method] above the function too

use hpy::prelude::*;

#[hpy(name = "g")]
fn function() {}

fn main() {}
