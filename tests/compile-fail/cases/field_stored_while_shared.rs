//~ cannot borrow `self.next` as mutable

use hpy::prelude::*;

#[hpy_type]
struct Node {
    next: Field,
}

#[hpy_methods]
impl Node {
    fn set(&self, object: &Handle<'_>) -> Result<()> {
        self.next.store(object)
    }
}

fn main() {}
