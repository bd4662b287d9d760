//! The way to and from libraries that speak CPython's C API.

use crate::{Context, Error, Handle, Result};
use hpy_sys::*;

impl<'ctx> Context<'ctx> {
    /// A handle to an object of CPython's C API, whose reference stays the caller's. HPy's `HPy_FromPyObject`.
    ///
    /// # Errors
    /// MemoryError.
    ///
    /// # Safety
    /// The object is alive, and one of the C API that the interpreter has.
    pub unsafe fn handle_from_py_object(self, object: *mut cpy_PyObject) -> Result<Handle<'ctx>> {
        // SAFETY: as promised by the caller; a new handle or null with an exception.
        unsafe { self.handle_from_raw(HPy_FromPyObject(self.as_ptr(), object)) }
    }
}

impl<T> Handle<'_, T> {
    /// The object for CPython's C API: a new reference, which the caller has to give up. HPy's `HPy_AsPyObject`.
    ///
    /// # Errors
    /// MemoryError.
    pub fn to_py_object(&self) -> Result<*mut cpy_PyObject> {
        // SAFETY: the handle is open.
        let object = unsafe { HPy_AsPyObject(self.ctx().as_ptr(), self.as_raw()) };
        if object.is_null() {
            Err(Error::fetch(self.ctx()))
        } else {
            Ok(object)
        }
    }
}
