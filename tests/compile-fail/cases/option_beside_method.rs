//~ the options of a function go into #[hpy_method(…)]

use hpy::prelude::*;

#[hpy_method]
#[hpy(name = "g")]
fn below() {}

#[hpy(name = "h")]
#[hpy_method]
fn above() {}

fn main() {}
