//! Exceptions on PyPy, taken and raised without turning their tracebacks into C objects.
//!
//! `PyErr_Fetch` and `PyErr_Restore` pass tracebacks as C objects, and with them the frames and
//! their variables. PyPy's collector does not see what C objects refer to. So a variable that
//! refers to the exception makes a cycle that is never freed. Instead, Python code catches the
//! pending exception and raises it again. It adds no frame to the traceback and loses none.

use super::python_source::define;
use crate::capi::*;
use core::ffi::{CStr, c_int, c_void};
use core::ptr::null_mut;
use core::sync::atomic::{AtomicPtr, Ordering};

/// The replacement for a name. Null if there is none.
pub(in crate::capi) fn replacement(name: &CStr, symbol: fn(&CStr) -> *mut c_void) -> *mut c_void {
    match name.to_bytes() {
        b"PyErr_GetRaisedException" => get_raised_exception as *mut c_void,
        b"PyErr_SetRaisedException" => set_raised_exception as *mut c_void,
        b"PyErr_SetObject" => {
            let own = symbol(name);
            SET_OBJECT.store(own, Ordering::Relaxed);
            if own.is_null() {
                own
            } else {
                set_object as *mut c_void
            }
        }
        b"PyErr_WriteUnraisable" => {
            let own = symbol(name);
            WRITE_UNRAISABLE.store(own, Ordering::Relaxed);
            if own.is_null() {
                own
            } else {
                write_unraisable as *mut c_void
            }
        }
        _ => null_mut(),
    }
}

static SET_OBJECT: AtomicPtr<c_void> = AtomicPtr::new(null_mut());
static WRITE_UNRAISABLE: AtomicPtr<c_void> = AtomicPtr::new(null_mut());
/// Returns an object with the same `repr` as its argument, whose `repr` cannot fail.
static SHOW: AtomicPtr<PyObject> = AtomicPtr::new(null_mut());
/// Returns the exception that `bool(argument)` raises.
static CATCH: AtomicPtr<PyObject> = AtomicPtr::new(null_mut());
/// The argument for it.
static PENDING: AtomicPtr<PyObject> = AtomicPtr::new(null_mut());
/// Raises the given exception with its traceback: the `throw` method of a finished generator.
static THROW: AtomicPtr<PyObject> = AtomicPtr::new(null_mut());

const SOURCE: &CStr = c"\
def catch(
    pending,
    Base=BaseException,
    get=BaseException.__traceback__.__get__,
    set=BaseException.__traceback__.__set__,
):
    try:
        not pending
    except Base as error:
        set(error, get(error).tb_next)
        return error

ended = (None for nothing in ())
list(ended)
throw = ended.throw

class Shown:
    __slots__ = 'text'
    def __repr__(self):
        return self.text

def show(object, Base=BaseException, Shown=Shown, repr=repr):
    shown = Shown()
    shown.text = '<object repr() failed>'
    try:
        shown.text = repr(object)
    except Base:
        pass
    return shown
";

/// Makes the objects above. Without them, PyPy's own functions are used.
///
/// # Safety
/// All names are resolved, the thread is attached, no exception is pending.
pub(in crate::capi) unsafe fn prepare() {
    // SAFETY: as promised by the caller; the objects are kept for ever.
    unsafe {
        let pending = pending();
        if let (false, Some([catch, throw, show])) = (
            pending.is_null(),
            define(SOURCE, [c"catch", c"throw", c"show"]),
        ) {
            PENDING.store(pending, Ordering::Relaxed);
            CATCH.store(catch, Ordering::Relaxed);
            THROW.store(throw, Ordering::Relaxed);
            SHOW.store(show, Ordering::Relaxed);
        }
        PyErr_Clear();
    }
}

/// An object whose `__bool__` raises the exception that was pending before the call. (PyPy would
/// report a function that returns null as having set no exception.)
unsafe fn pending() -> *mut PyObject {
    unsafe extern "C" fn raise(_: *mut PyObject) -> c_int {
        -1
    }
    let nb_bool = PyType_Slot {
        slot: Py_nb_bool,
        pfunc: raise as *mut c_void,
    };
    let end = PyType_Slot {
        slot: 0,
        pfunc: null_mut(),
    };
    let mut slots = [nb_bool, end];
    let mut spec = PyType_Spec {
        name: c"hpy.pending".as_ptr(),
        basicsize: header_size() as c_int,
        itemsize: 0,
        flags: 0,
        slots: slots.as_mut_ptr(),
    };
    // SAFETY: the thread is attached. The slot has its signature. PyPy copies the spec. The type
    // lives as long as its instance.
    unsafe {
        let type_ = PyType_FromSpecWithBases(&mut spec, null_mut());
        if type_.is_null() {
            return type_;
        }
        let pending = PyObject_CallObject(type_, null_mut());
        Py_DecRef(type_);
        pending
    }
}

unsafe fn call(function: *mut PyObject, argument: *mut PyObject) -> *mut PyObject {
    let arguments = [argument];
    // SAFETY: the callers' objects are alive.
    unsafe { PyObject_VectorcallDict(function, arguments.as_ptr(), 1, null_mut()) }
}

/// CPython's, from 3.12 on.
unsafe extern "C" fn get_raised_exception() -> *mut PyObject {
    // SAFETY: the thread is attached. Each reference is passed on or released once.
    unsafe {
        if PyErr_Occurred().is_null() {
            return null_mut();
        }
        let catch = CATCH.load(Ordering::Relaxed);
        if !catch.is_null() {
            let exception = call(catch, PENDING.load(Ordering::Relaxed));
            if !exception.is_null() {
                return exception;
            }
            // The stack may have been nearly full, for example. That exception is pending now.
        }
        let (mut kind, mut value, mut traceback) = (null_mut(), null_mut(), null_mut());
        PyErr_Fetch(&mut kind, &mut value, &mut traceback);
        PyErr_NormalizeException(&mut kind, &mut value, &mut traceback);
        if !traceback.is_null() {
            PyException_SetTraceback(value, traceback);
        }
        xdecref(kind);
        xdecref(traceback);
        value
    }
}

/// CPython's, from 3.12 on.
unsafe extern "C" fn set_raised_exception(exception: *mut PyObject) {
    // SAFETY: the thread is attached. The caller passes its reference on.
    unsafe {
        let throw = THROW.load(Ordering::Relaxed);
        if exception.is_null() || throw.is_null() {
            let kind = if exception.is_null() {
                exception
            } else {
                new_ref(type_of(exception))
            };
            return PyErr_Restore(kind, exception, null_mut());
        }
        // It raises, and so returns nothing.
        xdecref(call(throw, exception));
        xdecref_cold(exception);
    }
}

/// PyPy's own function aborts if `repr` of the object raises.
unsafe extern "C" fn write_unraisable(o: *mut PyObject) {
    type WriteUnraisable = unsafe extern "C" fn(*mut PyObject);
    // SAFETY: PyPy's function was stored before this one could be called. The caller's object is
    // alive or null. Each reference is passed on or released once.
    unsafe {
        let show = SHOW.load(Ordering::Relaxed);
        let mut shown = null_mut();
        if !o.is_null() && !show.is_null() {
            let exception = get_raised_exception();
            shown = call(show, o);
            if shown.is_null() {
                PyErr_Clear();
            }
            if !exception.is_null() {
                set_raised_exception(exception);
            }
        }
        let address = WRITE_UNRAISABLE.load(Ordering::Relaxed);
        core::mem::transmute::<*mut c_void, WriteUnraisable>(address)(shown);
        xdecref(shown);
    }
}

/// Keeps the traceback of a value that is already an exception.
unsafe extern "C" fn set_object(kind: *mut PyObject, value: *mut PyObject) {
    type SetObject = unsafe extern "C" fn(*mut PyObject, *mut PyObject);
    // SAFETY: PyPy's function was stored before this one could be called. The caller's objects are
    // alive. The value may be null.
    unsafe {
        let throw = THROW.load(Ordering::Relaxed);
        if !value.is_null() && !throw.is_null() && type_check(value, PyExc_BaseException()) {
            xdecref(call(throw, value));
            return;
        }
        let address = SET_OBJECT.load(Ordering::Relaxed);
        core::mem::transmute::<*mut c_void, SetObject>(address)(kind, value);
    }
}
