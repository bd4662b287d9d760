//! Capsules and context variables.

use crate::capi::{self, PyCapsule_Destructor, PyObject};
use crate::definitions::HPyCapsule_Destructor;
use crate::enums::*;
use core::ffi::{c_char, c_int, c_void};

pub(super) unsafe fn HPyCapsule_New(
    pointer: *mut c_void,
    name: *const c_char,
    destructor: *mut HPyCapsule_Destructor,
) -> *mut PyObject {
    // SAFETY: the caller's destructor is valid or null. Its trampoline is a capsule's destructor.
    unsafe {
        match trampoline(destructor) {
            Ok(function) => capi::PyCapsule_New(pointer, name, function),
            Err(Invalid) => core::ptr::null_mut(),
        }
    }
}

#[inline]
pub(super) unsafe fn HPyCapsule_Get(
    capsule: *mut PyObject,
    key: _HPyCapsule_key,
    name: *const c_char,
) -> *mut c_void {
    // SAFETY: the caller's object is alive, the name a C string or null.
    unsafe {
        match key {
            HPyCapsule_key_Pointer => capi::PyCapsule_GetPointer(capsule, name),
            HPyCapsule_key_Name => capi::PyCapsule_GetName(capsule) as *mut c_void,
            HPyCapsule_key_Context => capi::PyCapsule_GetContext(capsule),
            _ => {
                let message = c"Invalid operation: get HPyCapsule_key_Destructor";
                capi::PyErr_SetString(capi::PyExc_ValueError(), message.as_ptr());
                core::ptr::null_mut()
            }
        }
    }
}

#[inline]
pub(super) unsafe fn HPyCapsule_Set(
    capsule: *mut PyObject,
    key: _HPyCapsule_key,
    value: *mut c_void,
) -> c_int {
    // SAFETY: the caller's object is alive. The value has the type that the key requires.
    unsafe {
        match key {
            HPyCapsule_key_Pointer => capi::PyCapsule_SetPointer(capsule, value),
            HPyCapsule_key_Name => capi::PyCapsule_SetName(capsule, value as *const c_char),
            HPyCapsule_key_Context => capi::PyCapsule_SetContext(capsule, value),
            HPyCapsule_key_Destructor => match trampoline(value.cast()) {
                Ok(function) => capi::PyCapsule_SetDestructor(capsule, function),
                Err(Invalid) => -1,
            },
            _ => {
                let message = c"invalid capsule key";
                capi::PyErr_SetString(capi::PyExc_SystemError(), message.as_ptr());
                -1
            }
        }
    }
}

#[inline]
pub(super) unsafe fn HPyContextVar_Get(
    variable: *mut PyObject,
    default_value: *mut PyObject,
    result: *mut *mut PyObject,
) -> i32 {
    // SAFETY: the caller's objects are alive. The default may be null. A failure leaves null in the
    // result.
    unsafe {
        *result = core::ptr::null_mut();
        capi::PyContextVar_Get(variable, default_value, result)
    }
}

/// A ValueError is set.
struct Invalid;

unsafe fn trampoline(
    destructor: *mut HPyCapsule_Destructor,
) -> Result<PyCapsule_Destructor, Invalid> {
    if destructor.is_null() {
        return Ok(None);
    }
    // SAFETY: the caller's destructor is valid.
    let destructor = unsafe { &*destructor };
    let (Some(function), Some(_)) = (destructor.cpy_trampoline, destructor.r#impl) else {
        let message = c"Invalid HPyCapsule destructor";
        // SAFETY: the thread is attached.
        unsafe { capi::PyErr_SetString(capi::PyExc_ValueError(), message.as_ptr()) };
        return Err(Invalid);
    };
    // SAFETY: a capsule's trampoline takes the capsule.
    Ok(Some(unsafe {
        core::mem::transmute::<unsafe extern "C" fn(), unsafe extern "C" fn(*mut PyObject)>(
            function,
        )
    }))
}

/// Calls the implementation of a capsule's destructor, for its trampoline.
pub(super) unsafe fn destroy(capsule: *mut PyObject, function: unsafe extern "C" fn()) {
    type Destructor = unsafe extern "C" fn(*const c_char, *mut c_void, *mut c_void);
    // SAFETY: the caller gives a capsule and the implementation that belongs to its trampoline.
    unsafe {
        let name = capi::PyCapsule_GetName(capsule);
        let pointer = capi::PyCapsule_GetPointer(capsule, name);
        let context = capi::PyCapsule_GetContext(capsule);
        let function = core::mem::transmute::<unsafe extern "C" fn(), Destructor>(function);
        // A capsule can be destroyed while an exception is pending, which the destructor must not
        // lose.
        let [mut kind, mut value, mut traceback] = [core::ptr::null_mut(); 3];
        capi::PyErr_Fetch(&mut kind, &mut value, &mut traceback);
        function(name, pointer, context);
        capi::PyErr_Restore(kind, value, traceback);
    }
}
