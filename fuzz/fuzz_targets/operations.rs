//! Runs the operations that bytes spell in a CPython of this process. The test extension
//! `operations` does the same.

#![no_main]

#[path = "../../tests/extensions/operations/src/lib.rs"]
mod operations;

use std::cell::Cell;
use std::ffi::{CStr, c_char, c_int, c_void};
use std::ptr::null_mut;

use libfuzzer_sys::fuzz_target;

unsafe extern "C" {
    fn PyInit_operations() -> *mut c_void;
    fn PyImport_AppendInittab(
        name: *const c_char,
        init: unsafe extern "C" fn() -> *mut c_void,
    ) -> c_int;
    fn Py_InitializeEx(signals: c_int);
    fn PyImport_ImportModule(name: *const c_char) -> *mut c_void;
    fn PyObject_GetAttrString(object: *mut c_void, name: *const c_char) -> *mut c_void;
    fn PyBytes_FromStringAndSize(bytes: *const c_char, length: isize) -> *mut c_void;
    fn PyObject_CallFunctionObjArgs(function: *mut c_void, ...) -> *mut c_void;
    fn PyErr_Print();
    fn Py_DecRef(object: *mut c_void);
}

thread_local! {
    /// The function `run`, once Python is there.
    static RUN: Cell<*mut c_void> = const { Cell::new(null_mut()) };
}

const MODULE: &CStr = c"operations";

/// Starts Python and imports the module.
fn start() -> *mut c_void {
    // SAFETY: the C API as documented, on the one thread of the program; every result is checked.
    unsafe {
        if std::env::var_os("PYTHONHOME").is_none() {
            std::env::set_var("PYTHONHOME", env!("PYTHON_PREFIX"));
        }
        // Of Python's own allocator the sanitizer sees nothing.
        std::env::set_var("PYTHONMALLOC", "malloc");
        assert_eq!(
            PyImport_AppendInittab(MODULE.as_ptr(), PyInit_operations),
            0
        );
        Py_InitializeEx(0);
        let module = must(PyImport_ImportModule(MODULE.as_ptr()));
        must(PyObject_GetAttrString(module, c"run".as_ptr()))
    }
}

/// The object, unless there is an exception instead, which ends the program: a finding.
fn must(object: *mut c_void) -> *mut c_void {
    if object.is_null() {
        // SAFETY: Python runs, and this thread has it.
        unsafe { PyErr_Print() };
        std::process::abort();
    }
    object
}

fuzz_target!(|data: &[u8]| {
    let run = match RUN.get() {
        run if run.is_null() => start(),
        run => run,
    };
    RUN.set(run);
    // SAFETY: Python runs on this thread. The length is the bytes'. The arguments end with null.
    unsafe {
        let length = isize::try_from(data.len()).unwrap_or(0);
        let bytes = must(PyBytes_FromStringAndSize(data.as_ptr().cast(), length));
        let done = PyObject_CallFunctionObjArgs(run, bytes, null_mut::<c_void>());
        Py_DecRef(bytes);
        Py_DecRef(must(done));
    }
});
