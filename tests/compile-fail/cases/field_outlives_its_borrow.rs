//~ cannot return value referencing temporary value

use hpy::prelude::*;

#[hpy_type]
struct Node {
    next: Field,
}

fn next<'a>(node: &'a Handle<'_, Node>) -> Result<&'a Field> {
    Ok(&node.borrow()?.next)
}

fn main() {}
