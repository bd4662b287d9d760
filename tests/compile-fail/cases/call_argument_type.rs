//~ no conversion from `Secret` to a Python object

use hpy::prelude::*;

struct Secret;

fn tell<'ctx>(function: &Handle<'ctx>) -> Result<Handle<'ctx>> {
    call!(function, 1, secret = Secret)
}

fn main() {}
