//~ any thread may use the memory that `__buffer__` lends

use hpy::prelude::*;
use hpy::buffer::Export;
use std::rc::Rc;

#[hpy_type(unsendable)]
struct Local {
    bytes: Vec<u8>,
    other: Rc<()>,
}

#[hpy_methods]
impl Local {
    fn __buffer__(&self) -> Result<Export> {
        Ok(Export::of(self.bytes.as_slice().into()))
    }
}

fn main() {}
