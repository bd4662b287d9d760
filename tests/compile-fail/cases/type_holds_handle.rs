//~ an object lives as long as Python wants, so its data cannot borrow

use hpy::prelude::*;

#[hpy_type]
struct Node<'ctx> {
    next: Handle<'ctx>,
}

fn main() {}
