//~ whether there are fields in a parameter cannot be told

use hpy::prelude::*;

#[derive(Traverse)]
struct Pair<T> {
    first: T,
    second: Field,
}

fn main() {}
