//~ a type parameter may or may not contain a `Field`

use hpy::prelude::*;

#[derive(Traverse)]
struct Pair<T> {
    first: T,
    second: Field,
}

fn main() {}
