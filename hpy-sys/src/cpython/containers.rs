//! Lists, tuples and dicts.

use super::methods::raise;
use crate::capi::{self, PyObject};
use core::ffi::c_int;

#[inline(always)]
pub(super) unsafe fn HPyList_Check(o: *mut PyObject) -> c_int {
    // SAFETY: the caller's object is alive.
    unsafe { capi::has_type_flag(o, capi::Py_TPFLAGS_LIST_SUBCLASS) as c_int }
}

/// The items of a new list are null in CPython. Python code must not see that, so they are None
/// here.
#[inline]
pub(super) unsafe fn HPyList_New(len: isize) -> *mut PyObject {
    // SAFETY: the list is new. Each item is set once.
    unsafe {
        let list = capi::PyList_New(len);
        if !list.is_null() {
            for index in 0..len {
                capi::list_fill(list, index, capi::new_ref(capi::_Py_NoneStruct()));
            }
        }
        list
    }
}

#[inline(always)]
pub(super) unsafe fn HPyTuple_Check(o: *mut PyObject) -> c_int {
    // SAFETY: the caller's object is alive.
    unsafe { capi::has_type_flag(o, capi::Py_TPFLAGS_TUPLE_SUBCLASS) as c_int }
}

#[inline]
pub(super) unsafe fn HPyTuple_FromArray(items: *const *mut PyObject, n: isize) -> *mut PyObject {
    // SAFETY: the caller's array has `n` objects. The tuple is new. Each item is set once.
    unsafe {
        let tuple = capi::PyTuple_New(n);
        if !tuple.is_null() {
            for index in 0..n {
                capi::tuple_fill(tuple, index, capi::new_ref(*items.offset(index)));
            }
        }
        tuple
    }
}

#[inline(always)]
pub(super) unsafe fn HPyDict_Check(o: *mut PyObject) -> c_int {
    // SAFETY: the caller's object is alive.
    unsafe { capi::has_type_flag(o, capi::Py_TPFLAGS_DICT_SUBCLASS) as c_int }
}

#[inline(always)]
pub(super) unsafe fn HPyDict_Keys(o: *mut PyObject) -> *mut PyObject {
    // Free-threaded CPython locks the dict before it checks the type. PyPy raises a TypeError for
    // other types.
    // SAFETY: the caller's object is alive or null.
    if o.is_null() || unsafe { HPyDict_Check(o) } == 0 {
        raise(
            capi::PyExc_SystemError(),
            c"bad argument to internal function",
        );
        return core::ptr::null_mut();
    }
    // SAFETY: the caller's object is alive.
    unsafe { capi::PyDict_Keys(o) }
}
