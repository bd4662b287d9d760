//~ `i64` can't be the base of an exception

use hpy::prelude::*;

exception!(pub Wrong: i64, "No exception has a number for a base.");

fn main() {}
