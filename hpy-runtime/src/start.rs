//! The start of the runtime, when a universal binary is imported as a native extension.

use core::ffi::CStr;
use hpy_sys::capi::{self, Missing, PyObject};
use hpy_sys::over::{self, Promises};
use hpy_sys::{HPyCFunction, HPyDef, HPyModuleDef, fill_own};
use std::sync::{Mutex, PoisonError};

/// What `PyInit_NAME` of a universal binary returns: CPython's definition of the module.
///
/// `function` says which function CPython calls for a method or slot, `promises` what the module says of itself. It has no state and no
/// `HPy_mod_create`, as modules of the safe layer have none.
///
/// The first call resolves the C API in the running interpreter and fills the own context.
///
/// # Errors
/// Null with an ImportError for an interpreter without a function that nothing replaces; null with a
/// SystemError for a module that is not valid.
///
/// # Safety
/// Called by an import with the thread attached; `def` and all it points to is valid for ever and not
/// changed by anybody else.
pub unsafe fn module_init(
    def: *mut HPyModuleDef,
    name: &'static CStr,
    function: unsafe fn(&HPyDef) -> HPyCFunction,
    promises: Promises,
) -> *mut PyObject {
    static FILLED: Mutex<bool> = Mutex::new(false);
    // SAFETY: as promised by the caller; the context is filled once the names are there.
    unsafe {
        if let Err(Missing(missing)) = capi::resolve() {
            refuse(missing);
            return core::ptr::null_mut();
        }
        // Nothing in it runs Python, which might wait for another thread that waits here.
        let mut filled = FILLED.lock().unwrap_or_else(PoisonError::into_inner);
        if !*filled {
            fill_own();
            *filled = true;
        }
        drop(filled);
        over::module_init(def, name, Some(function), promises)
    }
}

/// Raises what can be raised without the table.
#[cold]
unsafe fn refuse(missing: &CStr) {
    let text = format!(
        "this interpreter has no {}, which HPy needs\0",
        missing.to_string_lossy()
    );
    // SAFETY: the text ends with a NUL; the thread is attached.
    unsafe { capi::raise_import_error(text.as_ptr().cast()) }
}
