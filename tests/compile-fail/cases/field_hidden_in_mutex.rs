//~ the garbage collector does not see a `Field` in this `Mutex`

use hpy::prelude::*;
use std::sync::Mutex;

#[hpy_type]
struct Node {
    next: Mutex<Option<Field>>,
}

fn main() {}
