//~ write `many` if several interpreters of a process may import the module,
//~   or `one`, which is the default

use hpy::prelude::*;

hpy_module! {
    name: sample,
    interpreters: 2,
}

hpy_module! {
    name: other,
    interpreters: several,
}

fn main() {}
