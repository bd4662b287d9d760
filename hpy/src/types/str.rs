//! `str`.

use crate::types::Str;
use crate::{Error, Handle, Result, abi};
use hpy_sys::*;
use std::borrow::Cow;

impl Handle<'_, Str> {
    /// The text, without a copy, for as long as the handle is open.
    /// HPy's `HPyUnicode_AsUTF8AndSize`.
    ///
    /// # Errors
    /// UnicodeEncodeError for lone surrogates, which Rust's `str` can't hold.
    #[inline]
    pub fn to_str(&self) -> Result<&str> {
        let mut size = 0;
        // SAFETY: the handle is open.
        let text =
            unsafe { HPyUnicode_AsUTF8AndSize(self.ctx().as_ptr(), self.as_raw(), &mut size) };
        if text.is_null() {
            return Err(Error::fetch(self.ctx()));
        }
        // SAFETY: bytes of that size, which live as long as the handle is open: as `self`.
        let bytes = unsafe { core::slice::from_raw_parts(text.cast(), size as usize) };
        abi::utf8(self, bytes)
    }

    /// The text, with U+FFFD for each lone surrogate.
    ///
    /// # Errors
    /// MemoryError.
    pub fn to_string_lossy(&self) -> Result<Cow<'_, str>> {
        if let Ok(text) = self.to_str() {
            return Ok(Cow::Borrowed(text));
        }
        let count = self.char_count();
        let mut text = String::new();
        for index in 0..count {
            // SAFETY: the handle is open, the index in range.
            let point =
                unsafe { HPyUnicode_ReadChar(self.ctx().as_ptr(), self.as_raw(), index as isize) };
            if point == u32::MAX {
                return Err(Error::fetch(self.ctx()));
            }
            text.push(char::from_u32(point).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        Ok(Cow::Owned(text))
    }

    /// The number of code points, Python's `str.__len__`.
    #[inline]
    pub fn char_count(&self) -> usize {
        abi::char_count(self)
    }
}
