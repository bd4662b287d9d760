//~ `method` is not a part of a module (did you mean `methods`?)
//~ `version` is not a part of a module: expected one of

use hpy::prelude::*;

hpy_module! {
    name: sample,
    method: [],
    version: "1.0",
}

fn main() {}
