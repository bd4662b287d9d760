//~ lifetime may not live long enough

use hpy::prelude::*;

fn longer<'ctx>(object: Handle<'ctx>) -> Handle<'static> {
    object
}

fn main() {}
