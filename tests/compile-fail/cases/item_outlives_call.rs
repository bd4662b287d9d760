//~ lifetime may not live long enough

use hpy::prelude::*;

fn keep<'ctx>(list: &Handle<'ctx, List>) -> Option<Handle<'static>> {
    list.iter().next()
}

fn main() {}
