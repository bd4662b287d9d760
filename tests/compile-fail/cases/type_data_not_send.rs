//~ `Rc<u8>` cannot be sent between threads safely

use hpy::prelude::*;
use std::rc::Rc;

#[hpy_type]
struct Counter {
    count: Rc<u8>,
}

fn main() {}
