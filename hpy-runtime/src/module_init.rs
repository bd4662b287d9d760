//! The start of the runtime, when a universal binary is imported as a native extension.

use core::ffi::CStr;
use hpy_sys::capi::PyObject;
use hpy_sys::cpython::{self, Promises, PySlot};
use hpy_sys::{HPyCFunction, HPyDef, HPyModuleDef, start_bundled_runtime};

/// What `PyInit_NAME` of a universal binary returns: CPython's definition of the module.
///
/// `function` says which function CPython calls for a method or slot. `promises` is what the module
/// says of itself. It has no state and no `HPy_mod_create`, like all modules of the safe layer.
///
/// The first call resolves the C API in the running interpreter and fills the own context.
///
/// # Errors
/// Null with an ImportError for an interpreter that lacks a function which nothing replaces. Null
/// with a SystemError for a module that is not valid.
///
/// # Safety
/// Called by an import with the thread attached. `def` and all it points to is valid for ever and
/// not changed by anybody else.
pub unsafe fn module_init(
    def: *mut HPyModuleDef,
    name: &'static CStr,
    function: unsafe fn(&HPyDef) -> HPyCFunction,
    promises: Promises,
) -> *mut PyObject {
    // SAFETY: as promised by the caller; the second once the first is done.
    unsafe {
        if !start_bundled_runtime() {
            return core::ptr::null_mut();
        }
        cpython::module_init(def, name, Some(function), promises)
    }
}

/// What `PyModExport_NAME` of a universal binary returns: what [`module_init`] returns, as slots.
/// CPython 3.15 asks for it first.
///
/// # Errors
/// As for [`module_init`].
///
/// # Safety
/// As for [`module_init`].
pub unsafe fn module_export(
    def: *mut HPyModuleDef,
    name: &'static CStr,
    function: unsafe fn(&HPyDef) -> HPyCFunction,
    promises: Promises,
) -> *mut PySlot {
    // SAFETY: as promised by the caller; the second once the first is done.
    unsafe {
        if !start_bundled_runtime() {
            return core::ptr::null_mut();
        }
        cpython::module_export(def, name, Some(function), promises)
    }
}
