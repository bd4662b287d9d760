//! `bytes` and `str`.

use crate::capi::{self, PyObject};
use core::ffi::{c_char, c_int};

#[inline(always)]
pub(super) unsafe fn HPyBytes_Check(o: *mut PyObject) -> c_int {
    // SAFETY: the caller's object is alive.
    unsafe { capi::has_type_flag(o, capi::Py_TPFLAGS_BYTES_SUBCLASS) as c_int }
}

#[inline(always)]
pub(super) unsafe fn HPyBytes_GET_SIZE(o: *mut PyObject) -> isize {
    // SAFETY: the caller's object is a bytes object.
    unsafe { capi::bytes_len(o) }
}

#[inline(always)]
pub(super) unsafe fn HPyBytes_AS_STRING(o: *mut PyObject) -> *const c_char {
    // SAFETY: the caller's object is a bytes object.
    unsafe { capi::bytes_text(o) }
}

#[inline]
pub(super) unsafe fn HPyBytes_FromStringAndSize(bytes: *const c_char, len: isize) -> *mut PyObject {
    // SAFETY: the caller's memory has `len` bytes. CPython would return uninitialised memory for
    // null.
    unsafe {
        if bytes.is_null() {
            let message = c"NULL char * passed to HPyBytes_FromStringAndSize";
            capi::PyErr_SetString(capi::PyExc_ValueError(), message.as_ptr());
            return core::ptr::null_mut();
        }
        capi::PyBytes_FromStringAndSize(bytes, len)
    }
}

#[inline(always)]
pub(super) unsafe fn HPyUnicode_Check(o: *mut PyObject) -> c_int {
    // SAFETY: the caller's object is alive.
    unsafe { capi::has_type_flag(o, capi::Py_TPFLAGS_UNICODE_SUBCLASS) as c_int }
}
