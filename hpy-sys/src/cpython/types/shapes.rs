//! What precedes the data of an instance, by shape.

use super::side_table;
use crate::capi::{self, PyObject};
use crate::enums::*;
use crate::handles::HPy;
use core::ffi::c_void;
use core::sync::atomic::AtomicUsize;

/// The built-in type that types of this shape extend, unless it is `object`, and its index in a
/// table.
#[inline(always)]
pub(super) fn built_in(shape: HPyType_BuiltinShape) -> Option<(*mut PyObject, usize)> {
    Some(match shape {
        HPyType_BuiltinShape_Type => (capi::PyType_Type(), 0),
        HPyType_BuiltinShape_Long => (capi::PyLong_Type(), 1),
        HPyType_BuiltinShape_Float => (capi::PyFloat_Type(), 2),
        HPyType_BuiltinShape_Unicode => (capi::PyUnicode_Type(), 3),
        HPyType_BuiltinShape_Tuple => (capi::PyTuple_Type(), 4),
        HPyType_BuiltinShape_List => (capi::PyList_Type(), 5),
        HPyType_BuiltinShape_Dict => (capi::PyDict_Type(), 6),
        _ => return None,
    })
}

/// The offset of an instance's data, if it is in the object: after the built-in type's struct,
/// aligned for any data. None for a number that is no shape.
#[inline(always)]
pub(super) fn data_offset(shape: HPyType_BuiltinShape) -> Option<usize> {
    static SIZES: [AtomicUsize; 7] = [const { AtomicUsize::new(0) }; 7];
    match shape {
        HPyType_BuiltinShape_Legacy => return Some(0),
        HPyType_BuiltinShape_Object => return Some(aligned(capi::header_size())),
        _ => {}
    }
    let (type_, index) = built_in(shape)?;
    let memory = SIZES.get(index)?;
    // SAFETY: a built-in type and the memory for its size.
    let size = unsafe { capi::basicsize_once(type_, memory) };
    Some(aligned(size))
}

/// The address of an instance's data, in a known layout, for a type that derives from `object`.
///
/// # Safety
/// `object` is the handle of such an instance, and the layout is known.
#[inline(always)]
pub unsafe fn data_in_line(object: HPy) -> *mut c_void {
    // SAFETY: as promised by the caller. The data follows the header.
    unsafe {
        let header = aligned(capi::known_header());
        (object._i as *mut PyObject).byte_add(header).cast()
    }
}

/// Whether data of this shape is in the side table: if the base's size varies, and on PyPy, where
/// only `object`'s size is known.
#[inline(always)]
pub(super) fn uses_side_table(shape: HPyType_BuiltinShape) -> bool {
    match shape {
        HPyType_BuiltinShape_Long | HPyType_BuiltinShape_Tuple => true,
        HPyType_BuiltinShape_Object | HPyType_BuiltinShape_Legacy => false,
        _ => capi::pypy_header_size().is_some(),
    }
}

/// Rounds up to an alignment that suits any data.
#[inline(always)]
pub(super) const fn aligned(size: usize) -> usize {
    size.next_multiple_of(2 * size_of::<usize>())
}

macro_rules! as_struct {
    ($($name:ident $shape:ident)*) => {$(
        #[inline(always)]
        pub(in crate::cpython) unsafe fn $name(o: *mut PyObject) -> *mut c_void {
            if uses_side_table($shape) {
                // SAFETY: the caller's object is of this shape.
                return unsafe { side_table::data(o, capi::type_of(o)) };
            }
            // The shape is one of those that have an offset.
            let offset = data_offset($shape).unwrap_or(0);
            // SAFETY: the caller's object is of this shape, so its data is there.
            unsafe { o.byte_add(offset).cast() }
        }
    )*};
}

as_struct! {
    _HPy_AsStruct_Object HPyType_BuiltinShape_Object
    _HPy_AsStruct_Legacy HPyType_BuiltinShape_Legacy
    _HPy_AsStruct_Type HPyType_BuiltinShape_Type
    _HPy_AsStruct_Long HPyType_BuiltinShape_Long
    _HPy_AsStruct_Float HPyType_BuiltinShape_Float
    _HPy_AsStruct_Unicode HPyType_BuiltinShape_Unicode
    _HPy_AsStruct_Tuple HPyType_BuiltinShape_Tuple
    _HPy_AsStruct_List HPyType_BuiltinShape_List
    _HPy_AsStruct_Dict HPyType_BuiltinShape_Dict
}
