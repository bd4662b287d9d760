//~ `exec` must be a function of the module
//~ write `fn init(module: &Handle<'_, Module>) -> Result<()>`; the context is `module.ctx()`

use hpy::prelude::*;

const INIT: i64 = 1;

hpy_module! {
    name: sample,
    exec: INIT,
}

fn main() {}
