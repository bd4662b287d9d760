//~ a warning needs a text: write `message = "…"`
//~ a warning has no `categroy` (did you mean `category`?)
//~ a warning cannot hold a NUL character

use hpy::prelude::*;

#[hpy_method(warn(category = hpy::exceptions::FutureWarning))]
fn without_text() {}

#[hpy_method(deprecated(message = "use g", categroy = hpy::exceptions::FutureWarning))]
fn misspelt() {}

#[hpy_method(warn(message = "\0"))]
fn with_nul() {}

fn main() {}
