//! Calls with an array of arguments. 3.9 and 3.10 have this only in a header.

use super::layout::{TypeObject, known};
use super::*;

/// CPython's `PyObject_Vectorcall`.
///
/// # Safety
/// CPython's contract: `args` has as many objects as `nargsf` says, followed by one for each name
/// in `kwnames`, which is a tuple or null.
#[inline(always)]
pub unsafe fn vectorcall(
    callable: *mut PyObject,
    args: *const *mut PyObject,
    nargsf: usize,
    kwnames: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: as promised by the caller.
    unsafe {
        if has::PyObject_Vectorcall() {
            PyObject_Vectorcall(callable, args, nargsf, kwnames)
        } else {
            vectorcall_of_header(callable, args, nargsf, kwnames)
        }
    }
}

/// 3.9 and 3.10 have it in a header only.
unsafe extern "C" fn vectorcall_of_header(
    callable: *mut PyObject,
    args: *const *mut PyObject,
    nargsf: usize,
    kwnames: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: the caller keeps CPython's contract. A type with the flag has the function at the
    // offset.
    unsafe {
        if layout_known() {
            let type_ = known::<TypeObject>(type_of(callable));
            if (*type_).flags & Py_TPFLAGS_HAVE_VECTORCALL != 0 {
                let place = callable.byte_offset((*type_).vectorcall_offset);
                if let Some(function) = *place.cast::<Option<vectorcallfunc>>() {
                    return function(callable, args, nargsf, kwnames);
                }
            }
        }
        if kwnames.is_null() || tuple_len(kwnames) == 0 {
            return PyObject_VectorcallDict(callable, args, nargsf, core::ptr::null_mut());
        }
        let nargs = nargsf & !PY_VECTORCALL_ARGUMENTS_OFFSET;
        let kw = PyDict_New();
        if kw.is_null() {
            return kw;
        }
        for index in 0..tuple_len(kwnames) {
            let value = *args.add(nargs).offset(index);
            if PyDict_SetItem(kw, tuple_item(kwnames, index), value) < 0 {
                xdecref_cold(kw);
                return core::ptr::null_mut();
            }
        }
        let result = PyObject_VectorcallDict(callable, args, nargsf, kw);
        xdecref_cold(kw);
        result
    }
}
