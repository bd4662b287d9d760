//~ the options of a function go into #[hpy_method(…)]

use hpy::prelude::*;

#[hpy(name = "g")]
fn function() {}

fn main() {}
