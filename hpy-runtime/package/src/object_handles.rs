//! Handles of the bundled context, each of which is its object's address.

use hpy::sys::{HPy, cpy_PyObject};

#[inline(always)]
pub(crate) fn handle(object: *mut cpy_PyObject) -> HPy {
    HPy {
        _i: object as isize,
    }
}

#[inline(always)]
pub(crate) fn object(handle: HPy) -> *mut cpy_PyObject {
    handle._i as *mut cpy_PyObject
}
