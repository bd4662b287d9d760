//! Leaving and re-entering Python, and source text.

use crate::capi::{self, PyObject};
use crate::enums::*;
use crate::handles::HPyThreadState;
use core::ffi::{c_char, c_int};

#[inline]
pub(super) unsafe fn HPy_LeavePythonExecution() -> HPyThreadState {
    HPyThreadState {
        // SAFETY: the thread is attached.
        _i: unsafe { capi::PyEval_SaveThread() } as isize,
    }
}

#[inline]
pub(super) unsafe fn HPy_ReenterPythonExecution(state: HPyThreadState) {
    // SAFETY: the caller's state is what this thread got when it left Python.
    unsafe { crate::thread::restore_thread(state) }
}

pub(super) unsafe fn HPy_Compile_s(
    source: *const c_char,
    filename: *const c_char,
    kind: HPy_SourceKind,
) -> *mut PyObject {
    let start: c_int = match kind {
        HPy_SourceKind_Single => 256,
        HPy_SourceKind_File => 257,
        HPy_SourceKind_Expr => 258,
        _ => {
            let message = c"invalid source kind";
            // SAFETY: the thread is attached.
            unsafe { capi::PyErr_SetString(capi::PyExc_SystemError(), message.as_ptr()) };
            return core::ptr::null_mut();
        }
    };
    // SAFETY: the caller's texts are C strings.
    unsafe { capi::Py_CompileString(source, filename, start) }
}
