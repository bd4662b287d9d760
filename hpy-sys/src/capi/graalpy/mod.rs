//! What stands in for functions of GraalPy's that do something else than CPython's of that name.
//!
//! Chosen when names are looked up, so that other interpreters' calls are what they are. What each is for, as the
//! smallest case that shows it, is in `docs/design/interpreters.md`.

pub(crate) mod members;

use super::*;
use core::ffi::{CStr, c_int, c_void};
use core::sync::atomic::{AtomicPtr, Ordering};

/// What to call for a name, whose function GraalPy has at `own`; null where it is that function.
pub(super) fn replacement(name: &CStr, own: *mut c_void) -> *mut c_void {
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

/// What tells whether two addresses are one object's.
pub(super) fn same() -> unsafe extern "C" fn(*mut PyObject, *mut PyObject) -> c_int {
    IS.store(platform::symbol(c"Py_Is"), Ordering::Relaxed);
    is_one
}

/// Strings and numbers have an address for each time that they come here. `Py_Is` knows that, but takes 1 for True.
unsafe extern "C" fn is_one(a: *mut PyObject, b: *mut PyObject) -> c_int {
    type Is = unsafe extern "C" fn(*mut PyObject, *mut PyObject) -> c_int;
    let (is, bools) = (
        IS.load(Ordering::Relaxed),
        [_Py_TrueStruct(), _Py_FalseStruct()],
    );
    if is.is_null() || bools.contains(&a) || bools.contains(&b) {
        return 0;
    }
    // SAFETY: GraalPy's function of that name has this type; the caller's objects are alive, or null.
    unsafe { core::mem::transmute::<*mut c_void, Is>(is)(a, b) }
}

/// Of a memoryview that was released, what using it raises: GraalPy gives the memory that it was of, whose end may have come.
unsafe extern "C" fn get_buffer(
    object: *mut PyObject,
    view: *mut Py_buffer,
    flags: c_int,
) -> c_int {
    type GetBuffer = unsafe extern "C" fn(*mut PyObject, *mut Py_buffer, c_int) -> c_int;
    // SAFETY: GraalPy's function, stored before this one could be called; the caller's object is alive, and so is what its
    // attribute is while it is not given back.
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

/// Of a subclass, what `bytes.__len__` says, and not its own.
unsafe extern "C" fn bytes_size(bytes: *mut PyObject) -> isize {
    type Size = unsafe extern "C" fn(*mut PyObject) -> isize;
    // SAFETY: GraalPy's function, stored before this one could be called; the caller's object is a bytes object.
    unsafe {
        if !is_exactly(bytes, PyBytes_Type()) {
            return pypy::bytes_len(bytes);
        }
        core::mem::transmute::<*mut c_void, Size>(BYTES_SIZE.load(Ordering::Relaxed))(bytes)
    }
}

/// Of an int that GraalPy finds too large for eight bytes, what `int.__float__` says.
unsafe extern "C" fn long_as_double(int: *mut PyObject) -> f64 {
    type AsDouble = unsafe extern "C" fn(*mut PyObject) -> f64;
    let address = LONG_AS_DOUBLE.load(Ordering::Relaxed);
    // SAFETY: GraalPy's function, stored before this one could be called; the caller's object is an int. References are given
    // back once.
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

/// Refuses a keyword that is there twice, of which GraalPy makes a dict with two equal keys.
unsafe extern "C" fn vectorcall_once_each(
    callable: *mut PyObject,
    args: *const *mut PyObject,
    nargsf: usize,
    kwnames: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: GraalPy's function, stored before this one could be called; the caller keeps the contract.
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

/// Whether a name is twice in the tuple, which may be null; then, or if that can't be found out, an exception is set.
unsafe fn has_doubled(names: *mut PyObject) -> bool {
    type NewSet = unsafe extern "C" fn(*mut PyObject) -> *mut PyObject;
    let new_set = platform::symbol(c"PyFrozenSet_New");
    if names.is_null() || new_set.is_null() {
        return false;
    }
    // SAFETY: the caller's object is a tuple; the function has this type. The set is given back once.
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
            // As CPython's, but for the function's name.
            let message = c"got multiple values for keyword argument";
            PyErr_SetString(PyExc_TypeError(), message.as_ptr());
        }
        different < count
    }
}
