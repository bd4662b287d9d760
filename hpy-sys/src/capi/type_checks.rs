//! Objects' types, and what they are asked for: in line where layouts are known.

use super::layout::{Header, TypeObject};
use super::*;
use core::ffi::c_ulong;

/// CPython's `Py_TYPE`: the type, borrowed from the object.
///
/// # Safety
/// `o` is an object.
#[inline(always)]
pub unsafe fn type_of(o: *mut PyObject) -> *mut PyObject {
    // SAFETY: `o` is an object.
    unsafe {
        if layout_known() {
            (*o.cast::<Header>()).type_
        } else {
            type_elsewhere(o)
        }
    }
}

// Where nothing is known in line, one function does it for all callers: what is not quick can be small.

#[inline(never)]
unsafe fn type_elsewhere(o: *mut PyObject) -> *mut PyObject {
    // SAFETY: `o` is an object, the last word of whose header is its type where that is so; else its reference keeps
    // the type alive after ours is given back.
    unsafe {
        if let Some(header) = header_told() {
            // PyPy's objects all have their type there, and asking for it during a deallocation ends the process.
            return *o.byte_add(header - size_of::<usize>()).cast();
        }
        let type_ = PyObject_Type(o);
        Py_DecRef(type_);
        type_
    }
}

/// A type's `tp_flags`.
///
/// # Safety
/// `type_` is a type.
#[inline(always)]
pub unsafe fn type_flags(type_: *mut PyObject) -> c_ulong {
    // SAFETY: `type_` is a type.
    unsafe {
        if layout_known() {
            (*type_.cast::<TypeObject>()).flags
        } else {
            PyType_GetFlags(type_)
        }
    }
}

/// The object's type's `tp_flags`, in line.
///
/// # Safety
/// `o` is an object, the layout is known.
#[inline(always)]
pub(super) unsafe fn flags_in_line(o: *mut PyObject) -> c_ulong {
    // SAFETY: as promised by the caller.
    unsafe { (*(*o.cast::<Header>()).type_.cast::<TypeObject>()).flags }
}

#[inline(never)]
unsafe fn flags_elsewhere(o: *mut PyObject) -> c_ulong {
    // SAFETY: `o` is an object.
    unsafe { type_flags(type_of(o)) }
}

/// Whether the object's type has one of the flags: CPython's `PyList_Check` and its like.
///
/// # Safety
/// `o` is an object.
#[inline(always)]
pub unsafe fn has_type_flag(o: *mut PyObject, flag: c_ulong) -> bool {
    // SAFETY: `o` is an object.
    let flags = unsafe {
        if layout_known() {
            flags_in_line(o)
        } else {
            flags_elsewhere(o)
        }
    };
    flags & flag != 0
}

/// CPython's `PyType_Check`.
///
/// # Safety
/// `o` is an object.
#[inline(always)]
pub unsafe fn is_type(o: *mut PyObject) -> bool {
    // SAFETY: as promised by the caller.
    unsafe { has_type_flag(o, Py_TPFLAGS_TYPE_SUBCLASS) }
}

/// CPython's `PyObject_TypeCheck`.
///
/// # Safety
/// `o` is an object, `type_` a type.
#[inline(always)]
pub unsafe fn type_check(o: *mut PyObject, type_: *mut PyObject) -> bool {
    // SAFETY: as promised by the caller.
    unsafe {
        let actual = type_of(o);
        actual == type_ || PyType_IsSubtype(actual, type_) != 0
    }
}

/// Whether the object's type is exactly this one: CPython's `Py_IS_TYPE`.
///
/// # Safety
/// `o` is an object.
#[inline(always)]
pub unsafe fn is_exactly(o: *mut PyObject, type_: *mut PyObject) -> bool {
    // SAFETY: as promised by the caller.
    unsafe { type_of(o) == type_ }
}

/// Whether the type has a `tp_iternext` that may be called.
///
/// # Safety
/// `o` is an object.
#[inline(always)]
pub(crate) unsafe fn is_iterator(o: *mut PyObject) -> bool {
    // SAFETY: as promised by the caller.
    unsafe {
        if layout_known() {
            !(*type_of(o).cast::<TypeObject>()).iternext.is_null()
        } else {
            PyIter_Check(o) != 0
        }
    }
}
