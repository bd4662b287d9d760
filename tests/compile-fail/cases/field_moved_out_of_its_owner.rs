//~ cannot move out of `self.next`

use hpy::prelude::*;

#[hpy_type]
struct Node {
    next: Field,
}

#[hpy_methods]
impl Node {
    fn give(&mut self, mut other: RefMut<'_, Node>) {
        other.next = self.next;
    }
}

fn main() {}
