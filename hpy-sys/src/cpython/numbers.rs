//! Integers of fixed width, and truth values.

use crate::capi::{self, PyObject};
use core::ffi::{CStr, c_int, c_long, c_ulong};

#[inline(always)]
pub(super) unsafe fn HPyLong_FromInt32_t(value: i32) -> *mut PyObject {
    // SAFETY: the thread is attached.
    unsafe { capi::PyLong_FromLong(value as c_long) }
}

#[inline(always)]
pub(super) unsafe fn HPyLong_FromUInt32_t(value: u32) -> *mut PyObject {
    // SAFETY: the thread is attached.
    unsafe { capi::PyLong_FromUnsignedLong(value as c_ulong) }
}

#[inline]
pub(super) unsafe fn HPyLong_AsInt32_t(o: *mut PyObject) -> i32 {
    let mut overflow: c_int = 0;
    // SAFETY: the caller's object is alive.
    let wide = unsafe { capi::PyLong_AsLongLongAndOverflow(o, &mut overflow) };
    match i32::try_from(wide) {
        Ok(value) if overflow == 0 => value,
        _ => too_large(c"Python int too large to convert to C int32_t") as i32,
    }
}

#[inline]
pub(super) unsafe fn HPyLong_AsUInt32_t(o: *mut PyObject) -> u32 {
    // SAFETY: the caller's object is alive. Anything but an int is a TypeError, even with an
    // `__index__`.
    let wide = unsafe { capi::PyLong_AsUnsignedLongLong(o) };
    match u32::try_from(wide) {
        Ok(value) => value,
        // SAFETY: the thread is attached.
        Err(_) if wide == u64::MAX && !unsafe { capi::PyErr_Occurred() }.is_null() => u32::MAX,
        Err(_) => too_large(c"Python int too large to convert to C uint32_t") as u32,
    }
}

#[inline(always)]
pub(super) unsafe fn HPyLong_AsUInt32_tMask(o: *mut PyObject) -> u32 {
    // SAFETY: the caller's object is alive.
    unsafe { capi::PyLong_AsUnsignedLongMask(o) as u32 }
}

#[inline]
pub(super) unsafe fn HPyLong_AsUInt64_t(o: *mut PyObject) -> u64 {
    // SAFETY: as for `HPyLong_AsUInt32_t`.
    unsafe { capi::PyLong_AsUnsignedLongLong(o) }
}

#[inline]
pub(super) unsafe fn HPyLong_AsSize_t(o: *mut PyObject) -> usize {
    // SAFETY: as for `HPyLong_AsUInt32_t`.
    unsafe { capi::PyLong_AsSize_t(o) }
}

#[inline(always)]
pub(super) unsafe fn HPyBool_FromBool(value: bool) -> *mut PyObject {
    let o = if value {
        capi::_Py_TrueStruct()
    } else {
        capi::_Py_FalseStruct()
    };
    // SAFETY: True and False are objects.
    unsafe { capi::new_ref(o) }
}

#[cold]
fn too_large(message: &CStr) -> i64 {
    // SAFETY: only called by functions whose callers are attached.
    unsafe { capi::PyErr_SetString(capi::PyExc_OverflowError(), message.as_ptr()) };
    -1
}
