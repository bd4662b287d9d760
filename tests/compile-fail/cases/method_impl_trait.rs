//~ Python cannot choose this type: take one that arguments convert to

use hpy::prelude::*;

#[hpy_method]
fn show(value: impl ToString) -> String {
    value.to_string()
}

fn main() {}
