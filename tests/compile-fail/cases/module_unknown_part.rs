//~ `method` is no part of a module (did you mean `methods`?)
//~ `version` is no part of a module: there are

use hpy::prelude::*;

hpy_module! {
    name: sample,
    method: [],
    version: "1.0",
}

fn main() {}
