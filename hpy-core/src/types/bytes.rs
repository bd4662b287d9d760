//! `bytes`.

use crate::backend::quirks::Quirk;
use crate::exceptions::{MemoryError, ValueError};
use crate::types::{Bytes, Str};
use crate::{Context, Error, Handle, Result, backend};
use core::ffi::CStr;
use hpy_sys::*;

impl<'ctx> Context<'ctx> {
    /// A bytes object with a copy of the data. HPy's `HPyBytes_FromStringAndSize`.
    ///
    /// # Errors
    /// MemoryError.
    #[inline]
    pub fn bytes(self, data: &[u8]) -> Result<Handle<'ctx, Bytes>> {
        check_len(self, data.len())?;
        let size = data.len() as HPy_ssize_t;
        // SAFETY: pointer and length are a slice's; a new bytes object or null with an exception.
        unsafe {
            self.made_handle(HPyBytes_FromStringAndSize(
                self.as_ptr(),
                data.as_ptr().cast(),
                size,
            ))
        }
    }
}

/// Whether there can be bytes of this length.
#[inline]
fn check_len(ctx: Context<'_>, len: usize) -> Result<()> {
    #[cold]
    fn check(ctx: Context<'_>) -> Result<()> {
        match ctx.has(Quirk::SIZES_ARE_SHORT) {
            true => Err(MemoryError::new("GraalPy has no bytes of 2**31 items")),
            false => Ok(()),
        }
    }

    match len > i32::MAX as usize {
        true => check(ctx),
        false => Ok(()),
    }
}

impl<'ctx> Context<'ctx> {
    /// A bytes object of this length, which `write` fills: its memory is all zeros before. PyO3's
    /// `PyBytes::new_with`.
    ///
    /// `write` writes into the object itself on CPython, and elsewhere into memory that is copied.
    /// Nobody else knows the object meanwhile, so that the memory may be lent to
    /// [`detach_with`](Self::detach_with).
    ///
    /// # Errors
    /// MemoryError, and what `write` returns.
    ///
    /// ```
    /// # use hpy::prelude::*;
    /// #[hpy_method]
    /// fn squares(ctx: Context<'_>, count: u8) -> Result<Handle<'_, Bytes>> {
    ///     ctx.bytes_with(count.into(), |memory| {
    ///         for (number, square) in (0u8..).zip(memory) {
    ///             *square = number.wrapping_mul(number);
    ///         }
    ///         Ok(())
    ///     })
    /// }
    /// # hpy_mock::run(|ctx| {
    /// #     let squares = hpy_mock::method::<squares>(ctx).call1((4,))?;
    /// #     assert_eq!(squares.extract::<Vec<u8>>()?, [0, 1, 4, 9]);
    /// #     Ok(())
    /// # });
    /// ```
    #[inline]
    pub fn bytes_with(
        self,
        len: usize,
        write: impl FnOnce(&mut [u8]) -> Result<()>,
    ) -> Result<Handle<'ctx, Bytes>> {
        check_len(self, len)?;
        if let Some(made) = backend::zeroed_bytes(self, len)? {
            let (bytes, start) = made;
            // SAFETY: the memory of an object that nobody else knows, of that many bytes, all of
            // them initialised. The handle stays open, and is handed out when the slice is gone.
            write(unsafe { core::slice::from_raw_parts_mut(start.as_ptr(), len) })?;
            return Ok(bytes);
        }
        let mut memory = Vec::new();
        memory.try_reserve_exact(len)?;
        memory.resize(len, 0);
        write(&mut memory)?;
        self.bytes(&memory)
    }

    /// A bytes object with a copy of the text's bytes. HPy's `HPyBytes_FromString`.
    ///
    /// # Errors
    /// MemoryError.
    #[inline]
    pub fn bytes_from_c_str(self, text: &CStr) -> Result<Handle<'ctx, Bytes>> {
        // SAFETY: a C string; a new bytes object or null with an exception.
        unsafe { self.made_handle(HPyBytes_FromString(self.as_ptr(), text.as_ptr())) }
    }
}

impl<'ctx> Handle<'ctx, Bytes> {
    /// The number of bytes.
    #[inline]
    #[must_use]
    pub fn len(&self) -> usize {
        backend::bytes_len(self)
    }

    /// Whether there is none.
    #[inline]
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The bytes, without a copy, for as long as the handle is open. HPy's `HPyBytes_AS_STRING`.
    #[inline]
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        let (ctx, raw) = (self.ctx().as_ptr(), self.as_raw());
        // SAFETY: the object is bytes: immutable, of that size, alive while the handle is open.
        unsafe {
            let data = HPyBytes_AS_STRING(ctx, raw);
            if data.is_null() {
                return &[];
            }
            core::slice::from_raw_parts(data.cast(), backend::bytes_len(self))
        }
    }

    /// The bytes as a C string, without a copy. HPy's `HPyBytes_AsString`.
    ///
    /// # Errors
    /// ValueError for bytes with a NUL.
    #[inline]
    pub fn as_c_str(&self) -> Result<&CStr> {
        if self.as_bytes().contains(&0) {
            return Err(ValueError::new("embedded null byte"));
        }
        // SAFETY: the handle is open; the bytes end with a NUL, and live as long.
        unsafe {
            let text = HPyBytes_AsString(self.ctx().as_ptr(), self.as_raw());
            if text.is_null() {
                return Err(Error::fetch_as_it_is(self.ctx()));
            }
            Ok(CStr::from_ptr(text))
        }
    }
}

impl<'ctx> Handle<'ctx, Bytes> {
    /// The text that the bytes encode: `bytes.decode(c"utf-8", c"surrogatepass")`. HPy's
    /// `HPyUnicode_FromEncodedObject`.
    ///
    /// # Errors
    /// UnicodeDecodeError; LookupError for an encoding or a way to handle errors that is unknown.
    ///
    /// ```
    /// # use hpy::prelude::*;
    /// # hpy_mock::run(|ctx| {
    /// let text = ctx.bytes(b"text")?.decode(c"utf-8", c"strict")?;
    /// assert_eq!(text.to_str()?, "text");
    /// # Ok(())
    /// # });
    /// ```
    #[inline]
    pub fn decode(&self, encoding: &CStr, errors: &CStr) -> Result<Handle<'ctx, Str>> {
        let (ctx, raw) = (self.ctx(), self.as_raw());
        // SAFETY: the handle is open, the names are C strings; a new str or null with an exception.
        unsafe {
            ctx.made_handle(HPyUnicode_FromEncodedObject(
                ctx.as_ptr(),
                raw,
                encoding.as_ptr(),
                errors.as_ptr(),
            ))
        }
    }
}
