//! Starts the bundled runtime when Python imports a universal binary as a native extension.

use super::*;
use crate::capi::{self, Missing};
use crate::fork::Lock;
use core::ffi::CStr;

/// At the first call, resolves the C API in the running interpreter and fills the bundled context.
///
/// # Errors
/// Returns false with an ImportError if the interpreter lacks a function that cannot be replaced.
///
/// # Safety
/// The thread is attached.
pub unsafe fn start_bundled_runtime() -> bool {
    static FILLED: Lock<bool> = Lock::new(false);
    // SAFETY: as promised by the caller. The context is filled after the names are resolved.
    unsafe {
        if let Err(Missing(missing)) = capi::resolve() {
            refuse(missing);
            return false;
        }
        // Nothing under this lock runs Python: another thread could wait here while holding the
        // GIL.
        let mut filled = FILLED.lock();
        if !*filled {
            fill_bundled_context();
            *filled = true;
        }
    }
    true
}

/// Raises an ImportError without the table of functions.
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
/// Called by an import with the thread attached. `def` and all that it points to are valid forever.
#[cfg(feature = "runtime")]
#[doc(hidden)]
pub unsafe fn init_raw_module(
    def: *mut HPyModuleDef,
    name: &'static CStr,
) -> *mut crate::cpy_PyObject {
    // SAFETY: as promised by the caller. The runtime is started before the module is made.
    unsafe {
        if !start_bundled_runtime() {
            return ptr::null_mut();
        }
        cpython::HPyModule_Init(def, name).cast()
    }
}

/// What the `PyModExport_NAME` of [`hpy_raw_module!`](crate::hpy_raw_module!) returns.
///
/// # Safety
/// As for [`init_raw_module`].
#[cfg(feature = "runtime")]
#[doc(hidden)]
pub unsafe fn export_raw_module(
    def: *mut HPyModuleDef,
    name: &'static CStr,
) -> *mut cpython::PySlot {
    // SAFETY: as promised by the caller. The runtime is started before the slots are made.
    unsafe {
        if !start_bundled_runtime() {
            return ptr::null_mut();
        }
        cpython::export_any_module(def, name)
    }
}
