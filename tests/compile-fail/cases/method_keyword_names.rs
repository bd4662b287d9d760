//~ `lambda` is a keyword of Python: give the method another name
//~ `from` is a keyword of Python: rename the parameter, for example to `from_`

use hpy::prelude::*;

#[hpy_method]
fn lambda(from: i64) -> i64 {
    from
}

fn main() {}
