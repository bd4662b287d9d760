//~ `match_args` lists the fields with #[hpy(get)], but there are none
//~ write the attributes' names in parentheses, as in `match_args = (x, y)`

use hpy::prelude::*;

#[hpy_type(match_args)]
struct Version(u32);

#[hpy_type(match_args = "major")]
struct Other(u32);

fn main() {}
