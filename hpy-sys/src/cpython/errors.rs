//! Exceptions.

use crate::capi::{self, PyObject};
use core::ffi::{c_char, c_int};

#[inline(always)]
pub(super) unsafe fn HPyErr_Occurred() -> c_int {
    // SAFETY: the thread is attached.
    unsafe { !capi::PyErr_Occurred().is_null() as c_int }
}

#[inline]
pub(super) unsafe fn HPyErr_NoMemory() {
    // SAFETY: the thread is attached.
    unsafe { capi::PyErr_NoMemory() };
}

#[inline]
pub(super) unsafe fn HPyErr_SetFromErrnoWithFilenameObjects(
    exception: *mut PyObject,
    filename1: *mut PyObject,
    filename2: *mut PyObject,
) {
    // SAFETY: the caller's objects are alive, or null.
    unsafe { capi::PyErr_SetFromErrnoWithFilenameObjects(exception, filename1, filename2) };
}

pub(super) unsafe fn HPy_FatalError(message: *const c_char) {
    // SAFETY: the caller's message is a C string.
    unsafe { capi::Py_FatalError(message) }
}
