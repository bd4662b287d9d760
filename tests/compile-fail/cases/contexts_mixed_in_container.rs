//~ lifetime may not live long enough

use hpy::prelude::*;

fn collect<'outer, 'inner>(kept: &mut Vec<Handle<'outer>>, object: &Handle<'inner>) {
    kept.push(object.dup());
}

fn main() {}
