//! Calls.

use crate::capi::{self, PyObject};

#[inline(always)]
pub(super) unsafe fn HPy_Call(
    callable: *mut PyObject,
    args: *const *mut PyObject,
    nargs: usize,
    kwnames: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: HPy's calling convention is CPython's.
    unsafe { capi::vectorcall(callable, args, nargs, kwnames) }
}

#[inline(always)]
pub(super) unsafe fn HPy_CallMethod(
    name: *mut PyObject,
    args: *const *mut PyObject,
    nargs: usize,
    kwnames: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: HPy's calling convention is CPython's.
    unsafe { capi::PyObject_VectorcallMethod(name, args, nargs, kwnames) }
}

pub(super) unsafe fn HPy_CallTupleDict(
    callable: *mut PyObject,
    args: *mut PyObject,
    kw: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: the caller's objects are alive. `args` and `kw` may be null. The empty tuple is
    // released once.
    unsafe {
        if !args.is_null() && !capi::has_type_flag(args, capi::Py_TPFLAGS_TUPLE_SUBCLASS) {
            return type_error(c"HPy_CallTupleDict requires args to be a tuple or null handle");
        }
        if kw.is_null() {
            return capi::PyObject_CallObject(callable, args);
        }
        if !capi::has_type_flag(kw, capi::Py_TPFLAGS_DICT_SUBCLASS) {
            return type_error(c"HPy_CallTupleDict requires kw to be a dict or null handle");
        }
        if !args.is_null() {
            return capi::PyObject_Call(callable, args, kw);
        }
        let empty = capi::PyTuple_New(0);
        if empty.is_null() {
            return empty;
        }
        let result = capi::PyObject_Call(callable, empty, kw);
        capi::xdecref_cold(empty);
        result
    }
}

#[cold]
unsafe fn type_error(message: &core::ffi::CStr) -> *mut PyObject {
    // SAFETY: the thread is attached.
    unsafe { capi::PyErr_SetString(capi::PyExc_TypeError(), message.as_ptr()) };
    core::ptr::null_mut()
}

/// Calls `then` with the items of a tuple of arguments. A null tuple has none.
pub(super) unsafe fn with_tuple<T>(
    tuple: *mut PyObject,
    then: impl FnOnce(*const *mut PyObject, isize) -> T,
) -> T {
    if tuple.is_null() {
        return then(core::ptr::null(), 0);
    }
    // SAFETY: the caller's object is a tuple, which keeps its items alive.
    unsafe {
        if let Some(items) = capi::tuple_items_in_line(tuple) {
            return then(items.as_ptr(), items.len().cast_signed());
        }
        let count = capi::tuple_len(tuple);
        let items: Vec<*mut PyObject> = (0..count)
            .map(|index| capi::tuple_item(tuple, index))
            .collect();
        then(items.as_ptr(), count)
    }
}
