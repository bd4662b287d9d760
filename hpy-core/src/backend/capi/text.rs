//! Text and bytes, by what CPython promises of them.

use crate::types::{Bytes, Str};
use crate::{Context, Handle, Result};
use core::ptr::NonNull;
use hpy_sys::capi::{self, PyObject};
use hpy_sys::*;

/// The bytes as text: CPython encodes no lone surrogates.
#[inline(always)]
pub(crate) fn utf8<'a>(_: &'a Handle<'_, Str>, bytes: &'a [u8]) -> Result<&'a str> {
    // SAFETY: `PyUnicode_AsUTF8AndSize` gives valid UTF-8, or fails.
    Ok(unsafe { core::str::from_utf8_unchecked(bytes) })
}

/// The size of a bytes object.
#[inline(always)]
pub(crate) fn bytes_len(bytes: &Handle<'_, Bytes>) -> usize {
    // SAFETY: the handle is open, the object is bytes: its own size, not what `__len__` says.
    let size = unsafe { HPyBytes_GET_SIZE(bytes.ctx().as_ptr(), bytes.as_raw()) };
    size.max(0) as usize
}

/// Of this size there is no bytes object with its header.
const MOST: isize = isize::MAX - 4096;

/// A new bytes object of zeros, which nobody else knows, and its memory; None where the memory is
/// not part of the object. An empty one is known already, and has no memory to write.
#[inline]
pub(crate) fn zeroed_bytes<'ctx>(
    ctx: Context<'ctx>,
    len: usize,
) -> Result<Option<(Handle<'ctx, Bytes>, NonNull<u8>)>> {
    // CPython makes each object of other sizes anew, if it gets no bytes to look at. Of more than
    // there can be it says OverflowError, and others MemoryError.
    let Some(size) = isize::try_from(len)
        .ok()
        .filter(|size| (1..MOST).contains(size))
    else {
        return Ok(None);
    };
    if ctx.is_on_pypy() || ctx.is_on_graalpy() {
        return Ok(None);
    }
    // SAFETY: a new object with so many bytes that are not initialised, or null with an exception.
    // They become zeros before anybody sees them.
    unsafe {
        let bytes = capi::PyBytes_FromStringAndSize(core::ptr::null(), size);
        let bytes = ctx.made_handle::<Bytes>(HPy { _i: bytes as isize })?;
        let start = capi::PyBytes_AsString(bytes.as_raw()._i as *mut PyObject).cast_mut();
        let Some(start) = NonNull::new(start.cast::<u8>()) else {
            return Ok(None);
        };
        start.write_bytes(0, len);
        Ok(Some((bytes, start)))
    }
}

/// A new str of code points, all of which are Unicode's, or null with an exception. None where the
/// function may be another's.
#[inline]
pub(crate) fn str_from_code_points(ctx: Context<'_>, points: &[u32]) -> Option<HPy> {
    const OF_FOUR_BYTES: core::ffi::c_int = 4;
    if ctx.is_on_pypy() || ctx.is_on_graalpy() {
        return None;
    }
    let (data, size) = (points.as_ptr().cast(), points.len() as isize);
    // SAFETY: so many units of that size, with a context the thread is attached.
    let text = unsafe { capi::PyUnicode_FromKindAndData(OF_FOUR_BYTES, data, size) };
    Some(HPy { _i: text as isize })
}

/// The number of code points of a str.
#[inline]
pub(crate) fn char_count(text: &Handle<'_, Str>) -> usize {
    // SAFETY: the handle is open, the object is a str: its own length, not what `__len__` says.
    let length = unsafe { capi::PyUnicode_GetLength(text.as_raw()._i as *mut PyObject) };
    length.max(0) as usize
}
