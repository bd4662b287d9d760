//~ use of moved value: `object`

use hpy::prelude::*;

fn close<'ctx>(object: Handle<'ctx>) {
    drop(object);
    drop(object);
}

fn main() {}
