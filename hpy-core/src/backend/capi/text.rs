//! Text and bytes, by what CPython promises of them.

use crate::types::{Bytes, Str};
use crate::{Handle, Result};
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

/// The number of code points of a str.
#[inline]
pub(crate) fn char_count(text: &Handle<'_, Str>) -> usize {
    // SAFETY: the handle is open, the object is a str: its own length, not what `__len__` says.
    let length = unsafe { capi::PyUnicode_GetLength(text.as_raw()._i as *mut PyObject) };
    length.max(0) as usize
}
