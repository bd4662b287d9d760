//~ binary operation `==` cannot be applied to type

use hpy::prelude::*;

fn same<'ctx>(a: Handle<'ctx>, b: Handle<'ctx>) -> bool {
    a == b
}

fn main() {}
