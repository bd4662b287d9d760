//! Replacements for functions of PyPy's C API that differ from CPython's.
//!
//! `resolve` installs them, so calls cost nothing extra on other interpreters. `exceptions` has
//! those for exceptions. The code that makes types calls `types` directly.
//! `docs/design/interpreters.md` has the smallest case for each.

use super::exceptions;
use crate::capi::*;
use core::ffi::{CStr, c_char, c_int, c_void};
use core::sync::atomic::{AtomicPtr, Ordering};

/// The replacement for a name. Null if there is none. `symbol` finds PyPy's own function.
pub(in crate::capi) fn replacement(name: &CStr, symbol: fn(&CStr) -> *mut c_void) -> *mut c_void {
    let keep = |place: &AtomicPtr<c_void>, name| {
        let address = symbol(name);
        place.store(address, Ordering::Relaxed);
        !address.is_null()
    };
    match name.to_bytes() {
        // The same function, except that negative numbers raise an OverflowError as in CPython.
        b"PyLong_AsSize_t" if cfg!(target_pointer_width = "64") => {
            symbol(c"PyLong_AsUnsignedLongLong")
        }
        b"PyObject_Vectorcall"
            if keep(&VECTORCALL, name) && keep(&CALL_ONE_ARG, c"PyObject_CallOneArg") =>
        {
            vectorcall as *mut c_void
        }
        b"PyTuple_Size" if keep(&TUPLE_SIZE, name) => tuple_size as *mut c_void,
        b"PyBytes_Size" if keep(&BYTES_SIZE, name) => bytes_size as *mut c_void,
        b"PyUnicode_Substring" if keep(&SUBSTRING, name) => substring as *mut c_void,
        b"PyUnicode_FromEncodedObject" if keep(&FROM_ENCODED, name) => {
            from_encoded_object as *mut c_void
        }
        b"Py_CompileString" if keep(&COMPILE, c"Py_CompileStringFlags") => compile as *mut c_void,
        _ => exceptions::replacement(name, symbol),
    }
}

static VECTORCALL: AtomicPtr<c_void> = AtomicPtr::new(core::ptr::null_mut());
static CALL_ONE_ARG: AtomicPtr<c_void> = AtomicPtr::new(core::ptr::null_mut());
static TUPLE_SIZE: AtomicPtr<c_void> = AtomicPtr::new(core::ptr::null_mut());
static BYTES_SIZE: AtomicPtr<c_void> = AtomicPtr::new(core::ptr::null_mut());
static SUBSTRING: AtomicPtr<c_void> = AtomicPtr::new(core::ptr::null_mut());
static FROM_ENCODED: AtomicPtr<c_void> = AtomicPtr::new(core::ptr::null_mut());
static COMPILE: AtomicPtr<c_void> = AtomicPtr::new(core::ptr::null_mut());

/// Has ints that fit made by the function for signed ones, which takes half the time.
///
/// # Safety
/// All names are resolved, and no code has called a function yet.
#[cfg(all(target_pointer_width = "64", not(windows)))]
pub(in crate::capi) unsafe fn quicken_ints() {
    static OWN: AtomicPtr<c_void> = AtomicPtr::new(core::ptr::null_mut());
    unsafe extern "C" fn from_size_t(value: usize) -> *mut PyObject {
        // SAFETY: the thread is attached. PyPy's function was stored before this one could be
        // called.
        unsafe {
            if let Ok(value) = isize::try_from(value) {
                return PyLong_FromSsize_t(value);
            }
            let own = OWN.load(Ordering::Relaxed);
            core::mem::transmute::<*mut c_void, resolved::Make<usize>>(own)(value)
        }
    }
    // SAFETY: as promised by the caller.
    let own = unsafe { resolved::make_ints_by_ssize(from_size_t) };
    OWN.store(own as *mut c_void, Ordering::Relaxed);
}

type Vectorcall = unsafe extern "C" fn(
    *mut PyObject,
    *const *mut PyObject,
    usize,
    *mut PyObject,
) -> *mut PyObject;

/// One argument goes by the function that makes no array of it, which takes half the time.
unsafe extern "C" fn vectorcall(
    callable: *mut PyObject,
    args: *const *mut PyObject,
    nargsf: usize,
    kwnames: *mut PyObject,
) -> *mut PyObject {
    type OneArg = unsafe extern "C" fn(*mut PyObject, *mut PyObject) -> *mut PyObject;
    // SAFETY: PyPy's functions were stored before this one could be called. The caller keeps
    // CPython's contract.
    unsafe {
        if nargsf & !PY_VECTORCALL_ARGUMENTS_OFFSET == 1 && kwnames.is_null() {
            let call = CALL_ONE_ARG.load(Ordering::Relaxed);
            return core::mem::transmute::<*mut c_void, OneArg>(call)(callable, *args);
        }
        let call = VECTORCALL.load(Ordering::Relaxed);
        core::mem::transmute::<*mut c_void, Vectorcall>(call)(callable, args, nargsf, kwnames)
    }
}

type Size = unsafe extern "C" fn(*mut PyObject) -> isize;

/// Subtracts the items that a subclass's `__len__` counts and the tuple does not have.
unsafe extern "C" fn tuple_size(tuple: *mut PyObject) -> isize {
    // SAFETY: PyPy's function was stored before this one could be called. The caller's object is a
    // tuple.
    unsafe {
        let size = core::mem::transmute::<*mut c_void, Size>(TUPLE_SIZE.load(Ordering::Relaxed));
        let mut size = size(tuple);
        while size > 0 && PyTuple_GetItem(tuple, size - 1).is_null() {
            size -= 1;
        }
        size
    }
}

/// For a subclass, uses `bytes.__len__` and not the subclass's own `__len__`.
unsafe extern "C" fn bytes_size(bytes: *mut PyObject) -> isize {
    // SAFETY: PyPy's function was stored before this one could be called. The caller's object is a
    // bytes object. References are released once.
    unsafe {
        let size = core::mem::transmute::<*mut c_void, Size>(BYTES_SIZE.load(Ordering::Relaxed));
        let size = size(bytes);
        if size <= 0 || is_exactly(bytes, PyBytes_Type()) {
            return size;
        }
        bytes_len(bytes).min(size)
    }
}

/// The result of `bytes.__len__` for an instance of a subclass. -1 with an exception.
pub(in crate::capi) unsafe fn bytes_len(bytes: *mut PyObject) -> isize {
    // SAFETY: the caller's object is a bytes object. References are released once.
    unsafe {
        let len = PyObject_GetAttrString(PyBytes_Type(), c"__len__".as_ptr());
        if len.is_null() {
            return -1;
        }
        let args = [bytes];
        let result = PyObject_VectorcallDict(len, args.as_ptr(), 1, core::ptr::null_mut());
        Py_DecRef(len);
        if result.is_null() {
            return -1;
        }
        let len = PyLong_AsSsize_t(result);
        Py_DecRef(result);
        len
    }
}

/// Rejects negative indices, which PyPy counts from the end.
unsafe extern "C" fn substring(text: *mut PyObject, start: isize, end: isize) -> *mut PyObject {
    type Substring = unsafe extern "C" fn(*mut PyObject, isize, isize) -> *mut PyObject;
    // SAFETY: PyPy's function was stored before this one could be called. The caller's object is a
    // str.
    unsafe {
        if start < 0 || end < 0 {
            PyErr_SetString(PyExc_IndexError(), c"string index out of range".as_ptr());
            return core::ptr::null_mut();
        }
        let address = SUBSTRING.load(Ordering::Relaxed);
        core::mem::transmute::<*mut c_void, Substring>(address)(text, start, end)
    }
}

/// Converts other buffers to bytes first, because PyPy decodes only bytes.
unsafe extern "C" fn from_encoded_object(
    o: *mut PyObject,
    encoding: *const c_char,
    errors: *const c_char,
) -> *mut PyObject {
    type FromEncoded =
        unsafe extern "C" fn(*mut PyObject, *const c_char, *const c_char) -> *mut PyObject;
    // SAFETY: PyPy's function was stored before this one could be called. The caller's object is
    // alive. References are released once.
    unsafe {
        let address = FROM_ENCODED.load(Ordering::Relaxed);
        let decode = core::mem::transmute::<*mut c_void, FromEncoded>(address);
        if has_type_flag(o, Py_TPFLAGS_BYTES_SUBCLASS | Py_TPFLAGS_UNICODE_SUBCLASS) {
            return decode(o, encoding, errors);
        }
        let args = [o];
        let view = PyMemoryView_Type();
        let view = PyObject_VectorcallDict(view, args.as_ptr(), 1, core::ptr::null_mut());
        if view.is_null() {
            return view;
        }
        let bytes = PyObject_Bytes(view);
        Py_DecRef(view);
        if bytes.is_null() {
            return bytes;
        }
        let text = decode(bytes, encoding, errors);
        Py_DecRef(bytes);
        text
    }
}

/// A macro in PyPy's headers.
unsafe extern "C" fn compile(
    source: *const c_char,
    filename: *const c_char,
    start: c_int,
) -> *mut PyObject {
    type Compile =
        unsafe extern "C" fn(*const c_char, *const c_char, c_int, *mut c_void) -> *mut PyObject;
    // SAFETY: PyPy's function was stored before this one could be called. Its flags may be null.
    unsafe {
        let compile = core::mem::transmute::<*mut c_void, Compile>(COMPILE.load(Ordering::Relaxed));
        compile(source, filename, start, core::ptr::null_mut())
    }
}
