//~ a Python method can't return `Result<i64, Mistake>`

use hpy::prelude::*;

struct Mistake;

#[hpy_method]
fn half(number: i64) -> std::result::Result<i64, Mistake> {
    if number % 2 == 0 { Ok(number / 2) } else { Err(Mistake) }
}

fn main() {}
