//~ `frozn` is not an option of a type (did you mean `frozen`?)
//~ `sett` is not an option of a field (did you mean `set`?)

use hpy::prelude::*;

#[hpy_type(frozn)]
struct Version {
    #[hpy(get, sett)]
    major: u32,
}

fn main() {}
