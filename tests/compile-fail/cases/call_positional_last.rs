//~ a positional argument stands after a keyword argument: move it to the front

use hpy::prelude::*;

fn late<'ctx>(function: &Handle<'ctx>) -> Result<Handle<'ctx>> {
    call!(function, 1, key = 2, 3)
}

fn main() {}
