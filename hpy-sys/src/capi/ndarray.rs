//! numpy's arrays, read without numpy's headers, where CPython's layouts are known.
//!
//! numpy promises these fields to C extensions: they lie where they lay in numpy 1.7, and numpy 2
//! kept them. The type is known by what Python code cannot imitate, so a class of the same name or
//! a false module `numpy` is not read.

use super::layout::{self, Header};
use super::*;
use core::ffi::{CStr, c_char, c_int};
use core::ptr::null_mut;
use core::sync::atomic::{AtomicPtr, Ordering};

/// numpy's `PyArrayObject_fields`, as far as it is read.
#[derive(Debug)]
#[repr(C)]
pub struct PyArrayObject {
    header: [u8; size_of::<Header>()],
    /// The item whose indices are all 0.
    pub data: *mut c_char,
    /// The number of dimensions.
    pub nd: c_int,
    /// As many numbers as dimensions.
    pub dimensions: *mut isize,
    /// In bytes.
    pub strides: *mut isize,
    /// What the memory belongs to; null for an array that owns it.
    pub base: *mut PyObject,
    /// Its dtype.
    pub descr: *mut PyArray_Descr,
    /// `NPY_ARRAY_OWNDATA` and others.
    pub flags: c_int,
}

/// numpy's `PyArray_Descr`, as far as numpy 1 and 2 agree.
#[derive(Debug)]
#[repr(C)]
pub struct PyArray_Descr {
    header: [u8; size_of::<Header>()],
    typeobj: *mut PyObject,
    kind: c_char,
    type_: c_char,
    /// `>` where the items' bytes are swapped on this machine, if it is a little-endian one.
    pub byteorder: c_char,
    former_flags: c_char,
    /// `NPY_DOUBLE` and others.
    pub type_num: c_int,
}

/// The array's memory is its own.
pub const NPY_ARRAY_OWNDATA: c_int = 0x4;
/// The items may be written.
pub const NPY_ARRAY_WRITEABLE: c_int = 0x400;
/// The items may be written, and numpy warns of it: an array that was broadcast.
pub const NPY_ARRAY_WARN_ON_WRITE: c_int = 1 << 31;

/// The type that was found, which is static memory of numpy.
static NDARRAY: AtomicPtr<PyObject> = AtomicPtr::new(null_mut());

/// The fields of a numpy array, or of an instance of a subclass. None for other objects, and where
/// the layout is unknown: on other interpreters, without the GIL, on versions that were not tried.
///
/// # Safety
/// `o` is an object, and the thread is attached. The fields are valid until Python code runs.
#[inline]
pub unsafe fn ndarray_fields(o: *mut PyObject) -> Option<*mut PyArrayObject> {
    if !mutable_in_line() {
        return None;
    }
    // SAFETY: as promised by the caller; an instance of the type has these fields.
    unsafe {
        let class = type_of(o);
        let known = NDARRAY.load(Ordering::Relaxed);
        ((class == known && !known.is_null()) || derives_from_ndarray(class)).then(|| o.cast())
    }
}

/// Follows the chain of `tp_base`, which decides how instances are laid out.
///
/// # Safety
/// `class` is a type, of a known layout.
#[inline(never)]
unsafe fn derives_from_ndarray(mut class: *mut PyObject) -> bool {
    // SAFETY: as promised by the caller; a type's base is a type or null, its name a C string.
    unsafe {
        while !class.is_null() {
            // Classes of Python code are made at run time and have this bit, whatever their name.
            if type_flags(class) & Py_TPFLAGS_HEAPTYPE as core::ffi::c_ulong == 0
                && CStr::from_ptr(layout::type_full_name(class)) == c"numpy.ndarray"
            {
                NDARRAY.store(class, Ordering::Relaxed);
                return true;
            }
            class = layout::type_slot(class, Py_tp_base).cast();
        }
    }
    false
}
