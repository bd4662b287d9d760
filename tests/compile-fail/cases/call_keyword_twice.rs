//~ a keyword argument is given twice

use hpy::prelude::*;

fn twice<'ctx>(function: &Handle<'ctx>) -> Result<Handle<'ctx>> {
    call!(function, key = 1, other = 2, key = 3)
}

fn main() {}
