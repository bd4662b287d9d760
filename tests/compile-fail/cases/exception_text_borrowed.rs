//~ borrowed data escapes outside of function

use hpy::exceptions::ValueError;
use hpy::prelude::*;

fn borrowed(text: &str) -> Error {
    ValueError::new(text)
}

fn main() {}
