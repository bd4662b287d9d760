//! Replacements for functions of GraalPy's C API that differ from CPython's.
//!
//! `resolve` installs them, so calls cost nothing extra on other interpreters.
//! `docs/design/interpreters.md` has the smallest case for each.

use crate::capi::*;
use core::ffi::{CStr, c_int, c_void};
use core::sync::atomic::{AtomicPtr, Ordering};

/// The replacement for a name whose function GraalPy has at `own`. Null if there is none.
pub(in crate::capi) fn replacement(name: &CStr, own: *mut c_void) -> *mut c_void {
    let (place, other) = match name.to_bytes() {
        b"PyObject_GetBuffer" => (&GET_BUFFER, get_buffer as *mut c_void),
        b"PyBytes_Size" => (&BYTES_SIZE, bytes_size as *mut c_void),
        b"PyLong_AsDouble" => (&LONG_AS_DOUBLE, long_as_double as *mut c_void),
        b"PyObject_Vectorcall" => (&VECTORCALL, vectorcall_once_each as *mut c_void),
        b"PyObject_VectorcallMethod" => (&METHOD, method_once_each as *mut c_void),
        _ => return core::ptr::null_mut(),
    };
    if own.is_null() {
        return own;
    }
    place.store(own, Ordering::Relaxed);
    other
}

static GET_BUFFER: AtomicPtr<c_void> = AtomicPtr::new(core::ptr::null_mut());
static VECTORCALL: AtomicPtr<c_void> = AtomicPtr::new(core::ptr::null_mut());
static BYTES_SIZE: AtomicPtr<c_void> = AtomicPtr::new(core::ptr::null_mut());
static LONG_AS_DOUBLE: AtomicPtr<c_void> = AtomicPtr::new(core::ptr::null_mut());
static IS: AtomicPtr<c_void> = AtomicPtr::new(core::ptr::null_mut());
static METHOD: AtomicPtr<c_void> = AtomicPtr::new(core::ptr::null_mut());

/// The function that tells whether two addresses belong to the same object.
pub(in crate::capi) fn same() -> unsafe extern "C" fn(*mut PyObject, *mut PyObject) -> c_int {
    IS.store(platform::symbol(c"Py_Is"), Ordering::Relaxed);
    is_one
}

/// GraalPy gives a string or number a new address each time it passes one to C. `Py_Is` handles
/// that, but says that 1 is True.
unsafe extern "C" fn is_one(a: *mut PyObject, b: *mut PyObject) -> c_int {
    type Is = unsafe extern "C" fn(*mut PyObject, *mut PyObject) -> c_int;
    let (is, bools) = (
        IS.load(Ordering::Relaxed),
        [_Py_TrueStruct(), _Py_FalseStruct()],
    );
    if is.is_null() || bools.contains(&a) || bools.contains(&b) {
        return 0;
    }
    // SAFETY: GraalPy's function of that name has this type. The caller's objects are alive or
    // null.
    unsafe { core::mem::transmute::<*mut c_void, Is>(is)(a, b) }
}

/// Raises an error for a released memoryview. GraalPy returns the memory that it was a view of,
/// which may be freed.
unsafe extern "C" fn get_buffer(
    object: *mut PyObject,
    view: *mut Py_buffer,
    flags: c_int,
) -> c_int {
    type GetBuffer = unsafe extern "C" fn(*mut PyObject, *mut Py_buffer, c_int) -> c_int;
    // SAFETY: GraalPy's function was stored before this one could be called. The caller's object is
    // alive. The attribute is released once.
    unsafe {
        if is_exactly(object, PyMemoryView_Type()) {
            let size = PyObject_GetAttrString(object, c"nbytes".as_ptr());
            if size.is_null() {
                (*view).obj = core::ptr::null_mut();
                return -1;
            }
            Py_DecRef(size);
        }
        let address = GET_BUFFER.load(Ordering::Relaxed);
        core::mem::transmute::<*mut c_void, GetBuffer>(address)(object, view, flags)
    }
}

/// For a subclass, uses `bytes.__len__` and not the subclass's own `__len__`.
unsafe extern "C" fn bytes_size(bytes: *mut PyObject) -> isize {
    type Size = unsafe extern "C" fn(*mut PyObject) -> isize;
    // SAFETY: GraalPy's function was stored before this one could be called. The caller's object is
    // a bytes object.
    unsafe {
        if !is_exactly(bytes, PyBytes_Type()) {
            return pypy::replacements::bytes_len(bytes);
        }
        core::mem::transmute::<*mut c_void, Size>(BYTES_SIZE.load(Ordering::Relaxed))(bytes)
    }
}

/// Uses `int.__float__` for an int that GraalPy finds too large for eight bytes.
unsafe extern "C" fn long_as_double(int: *mut PyObject) -> f64 {
    type AsDouble = unsafe extern "C" fn(*mut PyObject) -> f64;
    let address = LONG_AS_DOUBLE.load(Ordering::Relaxed);
    // SAFETY: GraalPy's function was stored before this one could be called. The caller's object is
    // an int. References are released once.
    unsafe {
        let value = core::mem::transmute::<*mut c_void, AsDouble>(address)(int);
        if value != -1.0
            || PyErr_Occurred().is_null()
            || PyErr_ExceptionMatches(PyExc_OverflowError()) == 0
        {
            return value;
        }
        PyErr_Clear();
        let float = PyObject_GetAttrString(PyLong_Type(), c"__float__".as_ptr());
        if float.is_null() {
            return -1.0;
        }
        let args = [int];
        let result = PyObject_VectorcallDict(float, args.as_ptr(), 1, core::ptr::null_mut());
        Py_DecRef(float);
        if result.is_null() {
            return -1.0;
        }
        let value = PyFloat_AsDouble(result);
        Py_DecRef(result);
        value
    }
}

/// Rejects a repeated keyword, from which GraalPy makes a dict with two equal keys.
unsafe extern "C" fn vectorcall_once_each(
    callable: *mut PyObject,
    args: *const *mut PyObject,
    nargsf: usize,
    kwnames: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: GraalPy's function was stored before this one could be called. The caller keeps the
    // contract.
    unsafe {
        if has_doubled(kwnames) {
            return core::ptr::null_mut();
        }
        let address = VECTORCALL.load(Ordering::Relaxed);
        core::mem::transmute::<*mut c_void, vectorcallfunc>(address)(
            callable, args, nargsf, kwnames,
        )
    }
}

/// As `vectorcall_once_each`.
unsafe extern "C" fn method_once_each(
    name: *mut PyObject,
    args: *const *mut PyObject,
    nargsf: usize,
    kwnames: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: as there.
    unsafe {
        if has_doubled(kwnames) {
            return core::ptr::null_mut();
        }
        let address = METHOD.load(Ordering::Relaxed);
        core::mem::transmute::<*mut c_void, vectorcallfunc>(address)(name, args, nargsf, kwnames)
    }
}

/// Whether the tuple, which may be null, has a name twice. If so, or if the check fails, an
/// exception is set.
unsafe fn has_doubled(names: *mut PyObject) -> bool {
    type NewSet = unsafe extern "C" fn(*mut PyObject) -> *mut PyObject;
    let new_set = platform::symbol(c"PyFrozenSet_New");
    if names.is_null() || new_set.is_null() {
        return false;
    }
    // SAFETY: the caller's object is a tuple. The function has this type. The set is released once.
    unsafe {
        let count = PyTuple_Size(names);
        if count < 2 {
            return false;
        }
        let set = core::mem::transmute::<*mut c_void, NewSet>(new_set)(names);
        if set.is_null() {
            return true;
        }
        let different = PyObject_Size(set);
        Py_DecRef(set);
        if different < count {
            // CPython's message without the function's name.
            let message = c"got multiple values for keyword argument";
            PyErr_SetString(PyExc_TypeError(), message.as_ptr());
        }
        different < count
    }
}
