//~ `None` is a keyword of Python
//~ there is a member `A` already: give this one another name

use hpy::prelude::*;

#[hpy_type]
enum Level {
    None,
    A,
    #[hpy(name = "A")]
    B,
}

fn main() {}
