//! `str`.

use crate::backend::quirks::Quirk;
use crate::exceptions::ValueError;
use crate::types::{Bytes, Str, TypeObject};
use crate::{Context, Error, Handle, IntoHandle, Result, backend};
use core::ffi::CStr;
use hpy_sys::*;
use std::borrow::Cow;

impl<'ctx> Context<'ctx> {
    /// A str of formatted text: `ctx.format(format_args!("{a} of {b}"))`. Short texts are put
    /// together on the stack.
    ///
    /// # Errors
    /// MemoryError; ValueError if a `Display` of one's own fails.
    ///
    /// ```
    /// # use hpy::prelude::*;
    /// #[hpy_method]
    /// fn place<'ctx>(ctx: Context<'ctx>, x: i64, y: i64) -> Result<Handle<'ctx, Str>> {
    ///     ctx.format(format_args!("({x}, {y})"))
    /// }
    /// # hpy_mock::run(|ctx| {
    /// #     assert_eq!(hpy_mock::method::<place>(ctx).call1((1, -2))?.to_string(), "(1, -2)");
    /// #     Ok(())
    /// # });
    /// ```
    #[inline]
    pub fn format(self, text: core::fmt::Arguments<'_>) -> Result<Handle<'ctx, Str>> {
        match text.as_str() {
            Some(text) => self.str(text),
            None => super::format::format(self, text),
        }
    }

    /// A str of the code points that the bytes are. HPy's `HPyUnicode_DecodeLatin1`.
    ///
    /// # Errors
    /// MemoryError.
    #[inline]
    pub fn str_from_latin1(self, bytes: &[u8]) -> Result<Handle<'ctx, Str>> {
        let (data, size) = (bytes.as_ptr().cast(), bytes.len() as HPy_ssize_t);
        let strict = c"strict".as_ptr();
        // SAFETY: pointer and length are a slice's; a new str or null with an exception.
        unsafe { self.made_handle(HPyUnicode_DecodeLatin1(self.as_ptr(), data, size, strict)) }
    }

    /// A str of code points. Unlike a `char`, one may be a lone surrogate, as in Python. On CPython
    /// this takes less time than to encode them as UTF-8 for [`str`](Self::str).
    ///
    /// ```
    /// # use hpy::prelude::*;
    /// # hpy_mock::run(|ctx| {
    /// assert_eq!(ctx.str_from_code_points(&[0x48, 0xe9, 0x6771])?.to_str()?, "Hé東");
    /// #     Ok(())
    /// # });
    /// ```
    ///
    /// # Errors
    /// ValueError for numbers beyond Unicode, or MemoryError.
    pub fn str_from_code_points(self, points: &[u32]) -> Result<Handle<'ctx, Str>> {
        if points.iter().fold(0, |all, &point| all.max(point)) > char::MAX as u32 {
            return Err(ValueError::new("a code point is beyond Unicode"));
        }
        self.assert_attached();
        if let Some(made) = backend::str_from_code_points(self, points) {
            // SAFETY: a new str or null with an exception.
            return unsafe { self.made_handle(made) };
        }
        let text: Option<String> = points.iter().map(|&point| char::from_u32(point)).collect();
        match text {
            Some(text) => self.str(&text),
            None => self
                .bytes(&utf8_with_surrogates(points))?
                .decode(c"utf-8", c"surrogatepass"),
        }
    }

    /// A str of C's wide characters, as system functions have them. HPy's
    /// `HPyUnicode_FromWideChar`.
    ///
    /// # Errors
    /// ValueError for characters beyond Unicode, or MemoryError.
    #[inline]
    pub fn str_from_wide(self, text: &[wchar_t]) -> Result<Handle<'ctx, Str>> {
        let size = text.len() as HPy_ssize_t;
        // SAFETY: pointer and length are a slice's; a new str or null with an exception.
        unsafe { self.made_handle(HPyUnicode_FromWideChar(self.as_ptr(), text.as_ptr(), size)) }
    }

    /// A str of bytes in the encoding of file names: Python's `os.fsdecode`. HPy's
    /// `HPyUnicode_DecodeFSDefaultAndSize`.
    ///
    /// # Errors
    /// UnicodeDecodeError on some platforms, or MemoryError.
    #[inline]
    pub fn str_from_fs(self, bytes: &[u8]) -> Result<Handle<'ctx, Str>> {
        if self.has(Quirk::PATHS_LOSE_BYTES) && core::str::from_utf8(bytes).is_err() {
            return self.bytes(bytes)?.decode(c"utf-8", c"surrogateescape");
        }
        let (data, size) = (bytes.as_ptr().cast(), bytes.len() as HPy_ssize_t);
        // SAFETY: pointer and length are a slice's; a new str or null with an exception.
        unsafe {
            let text = HPyUnicode_DecodeFSDefaultAndSize(self.as_ptr(), data, size);
            self.made_handle(text)
        }
    }

    /// As [`str_from_fs`](Self::str_from_fs), of a C string. HPy's `HPyUnicode_DecodeFSDefault`.
    ///
    /// # Errors
    /// UnicodeDecodeError on some platforms, or MemoryError.
    #[inline]
    pub fn str_from_fs_c_str(self, text: &CStr) -> Result<Handle<'ctx, Str>> {
        if self.has(Quirk::PATHS_LOSE_BYTES) && text.to_str().is_err() {
            return self.str_from_fs(text.to_bytes());
        }
        // SAFETY: a C string; a new str or null with an exception.
        unsafe { self.made_handle(HPyUnicode_DecodeFSDefault(self.as_ptr(), text.as_ptr())) }
    }
}

macro_rules! encodings {
    ($($(#[$doc:meta])* $name:ident $function:ident;)*) => {
        impl<'ctx> Handle<'ctx, Str> {
            $(
                $(#[$doc])*
                #[doc = concat!("HPy's `", stringify!($function), "`.")]
                ///
                /// # Errors
                /// UnicodeEncodeError for characters that the encoding has not.
                #[inline]
                pub fn $name(&self) -> Result<Handle<'ctx, Bytes>> {
                    let ctx = self.ctx();
                    // SAFETY: the handle is an open str; a new bytes object or null with an
                    // exception.
                    unsafe { ctx.made_handle($function(ctx.as_ptr(), self.as_raw())) }
                }
            )*
        }
    };
}

encodings! {
    /// The text as bytes in ASCII.
    encode_ascii HPyUnicode_AsASCIIString;
    /// The text as bytes in Latin-1.
    encode_latin1 HPyUnicode_AsLatin1String;
    /// The text as bytes in UTF-8.
    encode_utf8 HPyUnicode_AsUTF8String;
    /// The text as bytes in the encoding of file names: Python's `os.fsencode`.
    encode_fs HPyUnicode_EncodeFSDefault;
}

impl<'ctx> Handle<'ctx, Str> {
    /// The texts with this one between them: Python's `str.join`.
    ///
    /// # Errors
    /// TypeError if a value is no str, or what a conversion raises.
    ///
    /// ```
    /// # use hpy::prelude::*;
    /// # hpy_mock::run(|ctx| {
    /// let comma = ctx.str(", ")?;
    /// assert_eq!(comma.join(["a", "b"])?.to_str()?, "a, b");
    /// # Ok(())
    /// # });
    /// ```
    pub fn join<I>(&self, values: I) -> Result<Handle<'ctx, Str>>
    where
        I: IntoIterator,
        I::Item: IntoHandle<'ctx>,
    {
        let values = crate::convert::std::collections::list_of(self.ctx(), values)?;
        self.call_method1(c"join", (values,))?.downcast_into()
    }

    /// The code points from `start` to `end`, exclusive: `self[start:end]`. HPy's
    /// `HPyUnicode_Substring`.
    ///
    /// # Errors
    /// MemoryError.
    #[inline]
    pub fn substring(&self, start: usize, end: usize) -> Result<Handle<'ctx, Str>> {
        let ctx = self.ctx();
        let limit = |index: usize| HPy_ssize_t::try_from(index).unwrap_or(HPy_ssize_t::MAX);
        // SAFETY: the handle is an open str; a new str or null with an exception.
        unsafe {
            let text = HPyUnicode_Substring(ctx.as_ptr(), self.as_raw(), limit(start), limit(end));
            ctx.made_handle(text)
        }
    }

    /// The code point at `index`, which may be a lone surrogate's; None if there are fewer. HPy's
    /// `HPyUnicode_ReadChar`.
    #[inline]
    #[must_use]
    pub fn read_char(&self, index: usize) -> Option<u32> {
        if index >= self.char_count() {
            return None;
        }
        // SAFETY: the handle is an open str, the index in range.
        let point =
            unsafe { HPyUnicode_ReadChar(self.ctx().as_ptr(), self.as_raw(), index as isize) };
        if point == u32::MAX {
            drop(Error::take(self.ctx()));
            return None;
        }
        Some(point)
    }

    /// The number of code points, as `len` counts them in Python. The text in Rust has
    /// [`to_str`](Self::to_str)`.len()` bytes.
    #[inline]
    #[must_use]
    pub fn len(&self) -> usize {
        self.char_count()
    }

    /// Whether there is none.
    #[inline]
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.char_count() == 0
    }
}

impl<'ctx> Handle<'ctx, Str> {
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
            return Err(Error::fetch_as_it_is(self.ctx()));
        }
        // SAFETY: bytes of that size, which live as long as the handle is open: as `self`.
        let bytes = unsafe { core::slice::from_raw_parts(text.cast(), size as usize) };
        backend::utf8(self, bytes)
    }

    /// Encodes the text, as the type's own `encode` does: `text.encode("utf-8", "surrogatepass")`
    /// for one that may have lone surrogates. See [`decode`](Handle::decode) for the way back.
    ///
    /// # Errors
    /// UnicodeEncodeError; LookupError for an encoding or a way to handle errors that is unknown.
    ///
    /// ```no_run
    /// # use hpy::prelude::*;
    /// # fn example<'ctx>(text: &Handle<'ctx, Str>) -> Result<()> {
    /// let latin = text.encode("latin-1", "replace")?;
    /// assert_eq!(latin.as_bytes().len(), text.char_count());
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn encode(&self, encoding: &str, errors: &str) -> Result<Handle<'ctx, Bytes>> {
        let ctx = self.ctx();
        // A subclass may have an `encode` of its own.
        let encode = Str::type_object(ctx)?.getattr(c"encode")?;
        encode.call1((self, encoding, errors))?.downcast_into()
    }

    /// The text, with U+FFFD for each lone surrogate.
    ///
    /// # Errors
    /// MemoryError.
    #[inline]
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
                return Err(Error::fetch_as_it_is(self.ctx()));
            }
            text.push(char::from_u32(point).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        Ok(Cow::Owned(text))
    }

    /// The number of code points, Python's `str.__len__`.
    #[inline]
    #[must_use]
    pub fn char_count(&self) -> usize {
        backend::char_count(self)
    }
}

/// UTF-8 in which lone surrogates are encoded like other characters.
#[cold]
fn utf8_with_surrogates(points: &[u32]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for &point in points {
        match char::from_u32(point) {
            Some(character) => {
                bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
            }
            None => bytes.extend_from_slice(&[
                0xe0 | (point >> 12) as u8,
                0x80 | (point >> 6 & 0x3f) as u8,
                0x80 | (point & 0x3f) as u8,
            ]),
        }
    }
    bytes
}
