//~ binary operation `==` cannot be applied

use hpy::prelude::*;

fn same(one: &Persistent, other: &Persistent) -> bool {
    one == other
}

fn main() {}
