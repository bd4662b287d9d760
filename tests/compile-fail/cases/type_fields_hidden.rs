//~ the garbage collector does not see a `Field` in this `Arc`
//~ a `Field` belongs to one object
//~ the garbage collector does not see a `Field` in this `Mutex`

use hpy::prelude::*;
use std::sync::{Arc, Mutex};

#[hpy_type]
struct Node {
    shared: Arc<Vec<Field>>,
    locked: Mutex<Field>,
}

#[derive(Traverse)]
struct Inner {
    locked: Option<Box<Mutex<Option<Field>>>>,
}

fn main() {}
