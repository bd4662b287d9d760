//! The start of the runtime that a universal binary carries, when Python imports it as a native extension.

use super::*;
use crate::capi::{self, Missing};
use crate::fork::Lock;
use core::ffi::CStr;

/// Resolves the C API in the running interpreter and fills the own context, at the first call.
///
/// # Errors
/// False with an ImportError, for an interpreter without a function that nothing replaces.
///
/// # Safety
/// The thread is attached.
pub unsafe fn start_bundled_runtime() -> bool {
    static FILLED: Lock<bool> = Lock::new(false);
    // SAFETY: as promised by the caller; the context is filled once the names are there.
    unsafe {
        if let Err(Missing(missing)) = capi::resolve() {
            refuse(missing);
            return false;
        }
        // Nothing in it runs Python, which might wait for another thread that waits here.
        let mut filled = FILLED.lock();
        if !*filled {
            fill_bundled_context();
            *filled = true;
        }
    }
    true
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

/// What the `PyInit_NAME` of [`hpy_raw_module!`](crate::hpy_raw_module!) returns.
///
/// # Safety
/// Called by an import with the thread attached; `def` and all that it points to is valid for ever.
#[cfg(feature = "runtime")]
#[doc(hidden)]
pub unsafe fn init_raw_module(
    def: *mut HPyModuleDef,
    name: &'static CStr,
) -> *mut crate::cpy_PyObject {
    // SAFETY: as promised by the caller; the second once the first is done.
    unsafe {
        if !start_bundled_runtime() {
            return ptr::null_mut();
        }
        cpython::HPyModule_Init(def, name).cast()
    }
}
