//~ binary operation `<` cannot be applied to type

use hpy::prelude::*;

fn before<'ctx>(a: Handle<'ctx>, b: Handle<'ctx>) -> bool {
    a < b
}

fn main() {}
