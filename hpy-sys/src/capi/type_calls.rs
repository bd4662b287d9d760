//! Calls of classes. CPython tries a class's `tp_vectorcall` before it packs the arguments in a
//! tuple for `tp_new`.

use super::*;
use core::ffi::c_void;

type NewFunction =
    unsafe extern "C" fn(*mut PyObject, *mut PyObject, *mut PyObject) -> *mut PyObject;

/// Sets `tp_vectorcall`, the function that a call of the class runs. No class inherits it. Does
/// nothing where the layout is unknown, except on PyPy: there it is `__new__`, of which the class
/// is the first argument.
///
/// # Safety
/// `type_` is a new type that no other code uses yet. The function takes [`vectorcall`]'s
/// arguments, and must check with [`is_made_by`] whether it still does what a call of the class
/// should do. On PyPy it takes the class from `class_of_new`.
pub unsafe fn set_type_vectorcall(type_: *mut PyObject, function: vectorcallfunc) {
    // SAFETY: as promised by the caller.
    unsafe {
        if layout_known() {
            layout::write_type_vectorcall(type_, function as *mut c_void)
        } else {
            #[cfg(feature = "universal")]
            if on_pypy() {
                pypy::types::set_new_by_array(type_, function)
            }
        }
    }
}

/// Whether a call of the class still runs this `tp_new` and nothing else: no code has set `__new__`
/// or `__init__`.
///
/// # Safety
/// `type_` is a type of a known layout.
#[inline(always)]
pub unsafe fn is_made_by(type_: *mut PyObject, new: NewFunction) -> bool {
    // SAFETY: as promised by the caller.
    unsafe {
        type_slot(type_, Py_tp_new) == new as *mut c_void
            && type_slot(type_, Py_tp_init) == type_slot(PyBaseObject_Type(), Py_tp_init)
    }
}

/// Calls a class as `type.__call__` does: `__new__`, then `__init__`.
///
/// # Safety
/// `type_` is a type of a known layout. The arguments keep CPython's contract, as for
/// [`vectorcall`].
#[cold]
#[inline(never)]
pub unsafe fn call_type(
    type_: *mut PyObject,
    args: *const *mut PyObject,
    nargsf: usize,
    kwnames: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: as promised by the caller; tuple and dict are new, and given back once.
    unsafe {
        let nargs = nargsf & !PY_VECTORCALL_ARGUMENTS_OFFSET;
        let tuple = PyTuple_New(nargs as isize);
        if tuple.is_null() {
            return tuple;
        }
        for index in 0..nargs {
            tuple_fill(tuple, index as isize, new_ref(*args.add(index)));
        }
        let mut keywords = core::ptr::null_mut();
        if !kwnames.is_null() && tuple_len(kwnames) != 0 {
            keywords = PyDict_New();
            let mut failed = keywords.is_null();
            for index in 0..tuple_len(kwnames) {
                let value = *args.add(nargs).offset(index);
                failed = failed || PyDict_SetItem(keywords, tuple_item(kwnames, index), value) < 0;
            }
            if failed {
                xdecref(keywords);
                decref(tuple);
                return core::ptr::null_mut();
            }
        }
        let result = match layout::call_of_type() {
            Some(call) => call(type_, tuple, keywords),
            None => PyObject_Call(type_, tuple, keywords),
        };
        xdecref(keywords);
        decref(tuple);
        result
    }
}

/// Whether there is a usable `PyType_GetName`. PyPy 8's aborts for `type(...)`.
pub(crate) fn has_name_of_type() -> bool {
    has::PyType_GetName() && !on_pypy()
}

/// A type's `__name__`: a new reference, or null with an exception.
///
/// # Safety
/// The thread is attached; the object is a type.
#[inline(never)]
pub unsafe fn name_of_type(type_: *mut PyObject) -> *mut PyObject {
    // SAFETY: as promised by the caller.
    unsafe {
        if has_name_of_type() {
            PyType_GetName(type_)
        } else {
            PyObject_GetAttrString(type_, c"__name__".as_ptr())
        }
    }
}
