//~ a `Handle` lives no longer than the call

use hpy::prelude::*;

#[hpy_type]
struct Node {
    next: Handle<'static>,
    others: Vec<Handle<'static, List>>,
}

fn main() {}
