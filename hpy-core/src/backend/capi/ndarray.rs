//! numpy's arrays, read without a call where their layout is known.

use crate::buffer::Layout;
use crate::{Handle, Result};
use core::ffi::c_int;
use core::ptr::null_mut;
use hpy_sys::HPy;
use hpy_sys::capi::ndarray::{
    NPY_ARRAY_OWNDATA, NPY_ARRAY_WARN_ON_WRITE, NPY_ARRAY_WRITEABLE, PyArrayObject, ndarray_fields,
};
use hpy_sys::capi::{self, PyObject};
use std::borrow::Cow;

/// Keeps the memory of an array where it is: numpy resizes no array that a weak reference refers
/// to, also where it is told not to count references.
#[derive(Debug)]
pub(crate) struct ArrayPin<'ctx> {
    /// None if that is the array itself, which whoever has the pin holds.
    #[allow(dead_code)] // For what it keeps alive.
    pub(crate) owner: Option<Handle<'ctx>>,
    #[allow(dead_code)]
    pub(crate) weak: Option<Handle<'ctx>>,
}

/// Where the items of an array lie. None for objects that are none, for items that the buffer
/// protocol has no format for, and where the layout of arrays is unknown.
#[inline]
pub(crate) fn array<'ctx>(handle: &Handle<'ctx>) -> Result<Option<(ArrayPin<'ctx>, Box<Layout>)>> {
    let object = handle.as_raw()._i as *mut PyObject;
    // SAFETY: a direct context's handles are objects' addresses; no Python code runs between a look
    // at the fields and their last use.
    unsafe {
        let Some(fields) = ndarray_fields(object) else {
            return Ok(None);
        };
        if native_format((*(*fields).descr).type_num).is_none() {
            return Ok(None);
        }
        let owner = owner(object, fields);
        // This may run a collection, and so Python code that resizes the array. Afterwards numpy
        // does not resize it.
        let pin = kept(handle, owner)?;
        let Some(fields) = ndarray_fields(object).filter(|now| self::owner(object, *now) == owner)
        else {
            return Ok(None);
        };
        Ok(layout(&*fields)?.map(|layout| (pin, layout)))
    }
}

/// # Safety
/// They are an array's fields.
#[inline]
unsafe fn layout(array: &PyArrayObject) -> Result<Option<Box<Layout>>> {
    // SAFETY: an array has a dtype, and as many numbers in its shape and strides as dimensions.
    unsafe {
        let descr = &*array.descr;
        let swapped = if cfg!(target_endian = "little") {
            b'>'
        } else {
            b'<'
        };
        let Some((format, itemsize)) = native_format(descr.type_num) else {
            return Ok(None);
        };
        if descr.byteorder as u8 == swapped {
            return Ok(None);
        }
        let ndim = array.nd as usize;
        let (shape, strides): (&[isize], &[isize]) = match ndim {
            0 => (&[], &[]),
            _ => (
                core::slice::from_raw_parts(array.dimensions, ndim),
                core::slice::from_raw_parts(array.strides, ndim),
            ),
        };
        let bytes = shape.iter().product::<isize>() * itemsize;
        let writable =
            array.flags & NPY_ARRAY_WRITEABLE != 0 && array.flags & NPY_ARRAY_WARN_ON_WRITE == 0;
        let dimensions = (ndim, shape, strides);
        let format = Cow::Borrowed(format);
        Layout::new(
            array.data.cast(),
            bytes,
            itemsize,
            format,
            !writable,
            dimensions,
        )
        .map(Some)
    }
}

/// The format that the buffer protocol has for numpy's type, and the bytes of an item.
fn native_format(type_num: c_int) -> Option<(&'static str, isize)> {
    let long = size_of::<core::ffi::c_long>() as isize;
    Some(match type_num {
        0 => ("?", 1),
        1 => ("b", 1),
        2 => ("B", 1),
        3 => ("h", 2),
        4 => ("H", 2),
        5 => ("i", 4),
        6 => ("I", 4),
        7 => ("l", long),
        8 => ("L", long),
        9 => ("q", 8),
        10 => ("Q", 8),
        11 => ("f", 4),
        12 => ("d", 8),
        14 => ("Zf", 8),
        15 => ("Zd", 16),
        23 => ("e", 2),
        _ => return None,
    })
}

/// Whose memory it is, and whether numpy could resize that.
///
/// # Safety
/// The object is an array, which has these fields.
unsafe fn owner(array: *mut PyObject, mut fields: *mut PyArrayObject) -> (*mut PyObject, bool) {
    let mut owner = array;
    // SAFETY: an array keeps its base alive, and no Python code runs here.
    unsafe {
        while !(*fields).base.is_null() {
            owner = (*fields).base;
            match ndarray_fields(owner) {
                Some(next) => fields = next,
                // Whatever has the memory, numpy does not resize it.
                None => return (owner, false),
            }
        }
        (owner, (*fields).flags & NPY_ARRAY_OWNDATA != 0)
    }
}

/// # Safety
/// The owner is alive, and can be referred to weakly if the flag is set.
unsafe fn kept<'ctx>(
    array: &Handle<'ctx>,
    (owner, weakly): (*mut PyObject, bool),
) -> Result<ArrayPin<'ctx>> {
    let ctx = array.ctx();
    let is_array = owner.addr() as isize == array.as_raw()._i;
    // SAFETY: as promised by the caller; references are new. This one comes first, as making the
    // other may run Python code.
    unsafe {
        let held: Option<Handle<'ctx>> = match is_array {
            true => None,
            false => {
                let new_ref = capi::new_ref(owner) as isize;
                Some(ctx.made_handle(HPy { _i: new_ref })?)
            }
        };
        let weak = match weakly {
            true => {
                let weak = capi::PyWeakref_NewRef(owner, null_mut());
                Some(ctx.made_handle(HPy { _i: weak as isize })?)
            }
            false => None,
        };
        Ok(ArrayPin { owner: held, weak })
    }
}
