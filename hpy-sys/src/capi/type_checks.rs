//! Checks of objects' types, inlined where layouts are known.

use super::layout::{Header, TypeObject, known, read};
use super::*;
use core::ffi::c_ulong;
use core::sync::atomic::{AtomicU32, Ordering};

/// CPython's `Py_TYPE`: the type, borrowed from the object.
///
/// Without the GIL, CPython stops all other threads for an assignment to `__class__`. This thread
/// cannot be stopped while it reads.
///
/// # Safety
/// `o` is an object.
#[inline(always)]
pub unsafe fn type_of(o: *mut PyObject) -> *mut PyObject {
    // SAFETY: `o` is an object.
    unsafe {
        if layout_known() {
            (*known::<Header>(o)).type_
        } else {
            type_slow(o)
        }
    }
}

// The slow path is a shared function, to keep callers small.

#[inline(never)]
unsafe extern "C" fn type_slow(o: *mut PyObject) -> *mut PyObject {
    // SAFETY: `o` is an object, with the header of its interpreter. On PyPy the last word of that
    // is its type. Elsewhere the object keeps the type alive after our reference is released.
    unsafe {
        if let Some(header) = pypy_header_size() {
            // PyPy's objects all have their type there, and `PyObject_Type` aborts during a
            // deallocation.
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
            read_flags(type_)
        } else {
            PyType_GetFlags(type_)
        }
    }
}

/// The `tp_flags` of a type of known layout. Other threads may set some of them meanwhile, none of
/// those that are asked for here.
#[inline(always)]
unsafe fn read_flags(type_: *mut PyObject) -> c_ulong {
    // SAFETY: the caller gives a type, of a known layout. The flags are in the low half where a
    // `c_ulong` has 64 bits.
    unsafe {
        let flags = &raw mut (*known::<TypeObject>(type_)).flags;
        if MAY_BE_FREE_THREADED && size_of::<c_ulong>() == size_of::<usize>() {
            read(flags.cast::<*mut u8>()) as c_ulong
        } else if MAY_BE_FREE_THREADED {
            AtomicU32::from_ptr(flags.cast()).load(Ordering::Relaxed) as c_ulong
        } else {
            *flags
        }
    }
}

/// The `tp_flags` of the object's type, inlined.
///
/// # Safety
/// `o` is an object, the layout is known.
#[inline(always)]
pub(super) unsafe fn flags_in_line(o: *mut PyObject) -> c_ulong {
    // SAFETY: as promised by the caller.
    unsafe { read_flags((*known::<Header>(o)).type_) }
}

#[inline(never)]
unsafe extern "C" fn has_flag_slow(o: *mut PyObject, flag: c_ulong) -> bool {
    // SAFETY: `o` is an object. Types keep their bases alive.
    unsafe {
        let type_ = type_of(o);
        if !merges_layouts() {
            return type_flags(type_) & flag != 0;
        }
        // PyPy sets these flags by the `__mro__`, which a metaclass can change. Reading the bases
        // is also faster.
        let of = |one: c_ulong, built_in: fn() -> *mut PyObject| {
            flag & one != 0 && has_memory_of(type_, built_in())
        };
        of(Py_TPFLAGS_TUPLE_SUBCLASS, PyTuple_Type)
            || of(Py_TPFLAGS_UNICODE_SUBCLASS, PyUnicode_Type)
            || of(Py_TPFLAGS_LIST_SUBCLASS, PyList_Type)
            || of(Py_TPFLAGS_DICT_SUBCLASS, PyDict_Type)
            || of(Py_TPFLAGS_LONG_SUBCLASS, PyLong_Type)
            || of(Py_TPFLAGS_BYTES_SUBCLASS, PyBytes_Type)
            || of(Py_TPFLAGS_TYPE_SUBCLASS, PyType_Type)
    }
}

/// Whether the object's type has one of the flags for built-in base types, as in CPython's
/// `PyList_Check`.
///
/// # Safety
/// `o` is an object.
#[inline(always)]
pub unsafe fn has_type_flag(o: *mut PyObject, flag: c_ulong) -> bool {
    // SAFETY: `o` is an object.
    unsafe {
        if layout_known() {
            flags_in_line(o) & flag != 0
        } else {
            has_flag_slow(o, flag)
        }
    }
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
        if actual == type_ {
            return true;
        }
        if merges_layouts() {
            return has_memory_of(actual, type_)
                || (!has_struct(type_) && PyType_IsSubtype(actual, type_) != 0);
        }
        PyType_IsSubtype(actual, type_) != 0
    }
}

/// Whether C code accesses instances as a struct. A mere entry in the `__mro__` must not count
/// then.
unsafe fn has_struct(type_: *mut PyObject) -> bool {
    [
        PyType_Type(),
        PyLong_Type(),
        PyFloat_Type(),
        PyUnicode_Type(),
        PyTuple_Type(),
        PyList_Type(),
        PyDict_Type(),
        PyComplex_Type(),
        PyBytes_Type(),
        PyMemoryView_Type(),
        PyCapsule_Type(),
        PySlice_Type(),
        PyModule_Type(),
    ]
    .contains(&type_)
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

/// Whether objects of the type may have items: the type has `mp_subscript` or `sq_item`, as every
/// class with a `__getitem__` does. Always true where the layout is unknown.
///
/// # Safety
/// `o` is an object.
#[inline]
pub unsafe fn may_have_items(o: *mut PyObject) -> bool {
    if !layout_known() {
        return true;
    }
    const MP_SUBSCRIPT: usize = 1;
    const SQ_ITEM: usize = 3;
    // SAFETY: as promised by the caller. A type's slot suites are null or live as long as the type.
    unsafe {
        let type_ = known::<TypeObject>(type_of(o));
        let (mapping, sequence) = ((*type_).as_mapping, (*type_).as_sequence);
        (!mapping.is_null() && !read(&raw const (*mapping)[MP_SUBSCRIPT]).is_null())
            || (!sequence.is_null() && !read(&raw const (*sequence)[SQ_ITEM]).is_null())
    }
}

/// Whether the type has a callable `tp_iternext`.
///
/// # Safety
/// `o` is an object.
#[inline(always)]
pub(crate) unsafe fn is_iterator(o: *mut PyObject) -> bool {
    // SAFETY: as promised by the caller.
    unsafe {
        if layout_known() {
            let type_ = known::<TypeObject>(type_of(o));
            !read(&raw const (*type_).iternext).is_null()
        } else {
            PyIter_Check(o) != 0
        }
    }
}
