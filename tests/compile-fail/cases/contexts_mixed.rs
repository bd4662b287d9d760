//~ lifetime may not live long enough

use hpy::prelude::*;

fn same<'outer, 'inner>(a: &Handle<'outer>, b: &Handle<'inner>) -> bool {
    a.is(b)
}

fn main() {}
