//~ `nmae` is not an option of a method (did you mean `name`?)

use hpy::prelude::*;

#[hpy_method(nmae = "f")]
fn function() {}

fn main() {}
