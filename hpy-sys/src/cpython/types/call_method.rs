//! `__call__` as a method on PyPy, whose own for `tp_call` makes a tuple of the arguments and is
//! not compiled by the JIT.

use super::registry::nearest;
use crate::capi::{self, PyMethodDef, PyObject, vectorcallfunc};
use core::ffi::c_void;

struct Definition(PyMethodDef);

// SAFETY: nobody writes to it.
unsafe impl Sync for Definition {}

static DEFINITION: Definition = Definition(PyMethodDef {
    ml_name: c"__call__".as_ptr(),
    // SAFETY: the flags determine the function's type.
    ml_meth: Some(unsafe { core::mem::transmute::<vectorcallfunc, unsafe extern "C" fn()>(call) }),
    ml_flags: capi::METH_FASTCALL | capi::METH_KEYWORDS,
    ml_doc: c"__call__($self, /, *args, **kwargs)\n--\n\nCall self as a function.".as_ptr(),
});

/// Gives the type the method, if PyPy can make it. Otherwise PyPy's own stays.
///
/// # Safety
/// The interpreter is PyPy, and `type_` is a new type with `HPy_tp_call`.
pub unsafe fn set_call_method(type_: *mut PyObject) {
    type Make = unsafe extern "C" fn(*mut PyObject, *const PyMethodDef) -> *mut PyObject;
    let make = capi::symbol(c"PyDescr_NewMethod");
    // SAFETY: as promised by the caller. PyPy's function has this type, and the definition is a
    // static. The reference is released once.
    unsafe {
        if let Some(make) = core::mem::transmute::<*mut c_void, Option<Make>>(make) {
            let method = make(type_, &DEFINITION.0);
            if !method.is_null() {
                capi::PyObject_SetAttrString(type_, DEFINITION.0.ml_name, method);
                capi::Py_DecRef(method);
            }
            capi::PyErr_Clear();
        }
    }
}

/// Calls the function in the instance's word. PyPy has checked the type of `this`.
unsafe extern "C" fn call(
    this: *mut PyObject,
    args: *const *mut PyObject,
    nargs: usize,
    names: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: PyPy calls it with an instance of the type and the arguments of its definition. The
    // nearest type of HPy says where the instance has its word, which is null or such a function.
    unsafe {
        if let Some(info) = nearest(capi::type_of(this))
            && info.vectorcall_offset != 0
        {
            let word = this.byte_add(info.vectorcall_offset);
            if let Some(function) = *word.cast::<Option<vectorcallfunc>>() {
                return function(this, args, nargs, names);
            }
        }
        let message = c"this object was not made by its type's __new__()";
        capi::PyErr_SetString(capi::PyExc_TypeError(), message.as_ptr());
        core::ptr::null_mut()
    }
}
