//~ an object is called by `__call__` until another function is chosen
//~ these attributes exclude each other: keep one

use hpy::prelude::*;

#[hpy_type]
struct Alone;

#[hpy_methods]
impl Alone {
    #[call]
    fn fast(&self) -> u8 {
        1
    }
}

#[hpy_type]
struct Both;

#[hpy_methods]
impl Both {
    fn __call__(&self) -> u8 {
        1
    }

    #[call]
    #[getter]
    fn fast(&self) -> u8 {
        1
    }
}

fn main() {}
