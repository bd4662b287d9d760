//~ no method named `clone` found

use hpy::prelude::*;

fn twice<'ctx>(object: Handle<'ctx>) -> (Handle<'ctx>, Handle<'ctx>) {
    (object.clone(), object)
}

fn main() {}
