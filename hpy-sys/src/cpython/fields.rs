//! References held by objects and by statics.

use crate::capi::{self, PyObject};
use crate::handles::{HPyField, HPyGlobal};
use crate::interpreters;

#[inline]
pub(super) unsafe fn HPyField_Store(owner: *mut PyObject, field: *mut HPyField, o: *mut PyObject) {
    let _ = owner;
    // SAFETY: the field is in the caller's object. The old reference is released after the new one
    // is stored, because that may run any code.
    unsafe {
        let new = HPyField {
            _i: capi::xnew_ref(o) as isize,
        };
        let old = core::mem::replace(&mut *field, new);
        capi::xdecref(old._i as *mut PyObject);
    }
}

#[inline]
pub(super) unsafe fn HPyField_Load(owner: *mut PyObject, field: HPyField) -> *mut PyObject {
    let _ = owner;
    // SAFETY: a field holds an object or null.
    unsafe { capi::xnew_ref(field._i as *mut PyObject) }
}

#[inline]
pub(super) unsafe fn HPyGlobal_Store(global: *mut HPyGlobal, o: *mut PyObject) {
    // SAFETY: the caller's global is a static of its module.
    unsafe { interpreters::store_global(global, o) }
}

#[inline]
pub(super) unsafe fn HPyGlobal_Load(global: HPyGlobal) -> *mut PyObject {
    // SAFETY: the word is a global's.
    unsafe { interpreters::load_global(global) }
}
