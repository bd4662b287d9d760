//! Runs Python source that defines functions.

use crate::capi::*;
use core::ffi::{CStr, c_int};

/// Runs Python code and returns what it defines under these names. None with an exception.
///
/// # Safety
/// All names are resolved, the thread is attached, no exception is pending.
pub(in crate::capi) unsafe fn define<const N: usize>(
    source: &CStr,
    names: [&CStr; N],
) -> Option<[*mut PyObject; N]> {
    /// `Py_file_input`.
    const FILE: c_int = 257;
    // SAFETY: as promised by the caller. Each reference is passed on or released once.
    unsafe {
        let code = Py_CompileString(source.as_ptr(), c"<hpy>".as_ptr(), FILE);
        let (builtins, defined) = (PyEval_GetBuiltins(), PyDict_New());
        let mut found = [core::ptr::null_mut(); N];
        if !code.is_null() && !builtins.is_null() && !defined.is_null() {
            PyDict_SetItemString(defined, c"__builtins__".as_ptr(), builtins);
            xdecref(PyEval_EvalCode(code, defined, defined));
            for (name, found) in names.iter().zip(&mut found) {
                let key = PyUnicode_FromString(name.as_ptr());
                *found = xnew_ref(PyDict_GetItemWithError(defined, key));
                xdecref(key);
            }
        }
        xdecref(code);
        xdecref(defined);
        if found.iter().any(|found| found.is_null()) {
            found.into_iter().for_each(|found| xdecref(found));
            return None;
        }
        Some(found)
    }
}
