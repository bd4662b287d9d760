//~ `gil` applies to the whole module: write it beside `submodules`

use hpy::prelude::*;

hpy_module! {
    name: outer,
    submodules: {
        inner: { gil: used },
    },
}

fn main() {}
