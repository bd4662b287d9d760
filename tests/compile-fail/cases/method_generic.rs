//~ Python cannot choose `T`: take a type that arguments convert to

use hpy::prelude::*;

#[hpy_method]
fn show<T: ToString>(value: T) -> String {
    value.to_string()
}

fn main() {}
