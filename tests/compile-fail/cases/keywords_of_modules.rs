//~ #[hpy_methods] on a `mod` says how its functions take arguments
//~ #[hpy_methods] has the options `keywords` and `block = …`
//~ `lambda` is a keyword of Python: rename the parameter

use hpy::prelude::*;

#[hpy_methods]
mod without_option {}

#[hpy_methods(keywords, name = "x")]
mod with_another {}

#[hpy_type]
struct Bag;

#[hpy_methods(positional)]
impl Bag {}

#[hpy_methods(keywords)]
mod functions {
    use hpy::prelude::*;

    #[hpy_method]
    pub fn f(lambda: i64) -> i64 {
        lambda
    }
}

fn main() {}
