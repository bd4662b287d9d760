//~ `Plain` has no slots in C
//~ write `#[hpy_type(legacy_slots = …)]` above its definition
//! Only of a type with slots in C the data is found by an object's address.
use hpy::legacy::{self, PyObject};
use hpy::prelude::*;

#[hpy_type]
struct Plain {}

#[unsafe(no_mangle)]
unsafe extern "C" fn look(object: *mut PyObject) -> bool {
    // SAFETY: C calls it with such objects.
    unsafe { legacy::borrow::<Plain>(object) }.is_some()
}

fn main() {}
