//! Names of attributes and methods, in the forms that Rust has them.

use crate::backend::quirks::Quirk;
use crate::exceptions::ValueError;
use crate::types::Str;
use crate::{Context, Handle, Result};
use core::ffi::CStr;
use core::mem::MaybeUninit;
use std::ffi::CString;

/// A name: `"x"`, `c"x"`, `intern!("x")` (the quickest), a `String`, or a handle to a str.
pub trait Name<'ctx> {
    /// Calls `by_text` with a C string or `by_handle` with a handle, whichever the name is.
    #[doc(hidden)]
    fn with<R>(
        self,
        ctx: Context<'ctx>,
        by_text: impl FnOnce(&CStr) -> Result<R>,
        by_handle: impl FnOnce(&Handle<'ctx, Str>) -> Result<R>,
    ) -> Result<R>;
}

impl<'ctx> Name<'ctx> for &CStr {
    #[inline(always)]
    fn with<R>(
        self,
        _: Context<'ctx>,
        by_text: impl FnOnce(&CStr) -> Result<R>,
        _: impl FnOnce(&Handle<'ctx, Str>) -> Result<R>,
    ) -> Result<R> {
        by_text(self)
    }
}

impl<'ctx> Name<'ctx> for &str {
    #[inline]
    fn with<R>(
        self,
        ctx: Context<'ctx>,
        by_text: impl FnOnce(&CStr) -> Result<R>,
        by_handle: impl FnOnce(&Handle<'ctx, Str>) -> Result<R>,
    ) -> Result<R> {
        if is_misread(ctx, self) {
            return by_handle(&ctx.str(self)?);
        }
        with_c_str(self, by_text)
    }
}

impl<'ctx> Name<'ctx> for &String {
    #[inline]
    fn with<R>(
        self,
        ctx: Context<'ctx>,
        by_text: impl FnOnce(&CStr) -> Result<R>,
        by_handle: impl FnOnce(&Handle<'ctx, Str>) -> Result<R>,
    ) -> Result<R> {
        self.as_str().with(ctx, by_text, by_handle)
    }
}

impl<'ctx> Name<'ctx> for &Handle<'ctx, Str> {
    #[inline(always)]
    fn with<R>(
        self,
        _: Context<'ctx>,
        _: impl FnOnce(&CStr) -> Result<R>,
        by_handle: impl FnOnce(&Handle<'ctx, Str>) -> Result<R>,
    ) -> Result<R> {
        by_handle(self)
    }
}

/// Calls `body` with the text as a C string: short ones on the stack.
///
/// # Errors
/// ValueError for a text with a NUL.
#[inline]
pub(crate) fn with_c_str<R>(text: &str, body: impl FnOnce(&CStr) -> Result<R>) -> Result<R> {
    let mut short = [MaybeUninit::uninit(); SHORT];
    let mut long = CString::default();
    c_str(text, &mut short, &mut long).and_then(body)
}

const SHORT: usize = 64;

#[cold]
fn with_nul() -> crate::Error {
    ValueError::new("embedded null character")
}

/// The text in one of the two places.
fn c_str<'a>(
    text: &str,
    short: &'a mut [MaybeUninit<u8>; SHORT],
    long: &'a mut CString,
) -> Result<&'a CStr> {
    if text.len() < SHORT {
        let place = short.as_mut_ptr().cast::<u8>();
        // SAFETY: the text and one byte more have room there.
        let bytes = unsafe {
            place.copy_from_nonoverlapping(text.as_ptr(), text.len());
            place.add(text.len()).write(0);
            core::slice::from_raw_parts(place, text.len() + 1)
        };
        CStr::from_bytes_with_nul(bytes).map_err(|_| with_nul())
    } else {
        *long = CString::new(text).map_err(|_| with_nul())?;
        Ok(long)
    }
}

/// Whether the context reads the C string of this text as another text.
#[inline(always)]
fn is_misread(ctx: Context<'_>, text: &str) -> bool {
    ctx.has(Quirk::LONG_UTF8_IS_MISREAD) && text.bytes().any(|byte| byte >= 0xf0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c_strings_on_the_stack_and_on_the_heap() {
        for length in [0, 1, 62, 63, 64, 65, 1000] {
            let text = "x".repeat(length);
            let found = with_c_str(&text, |text| Ok(text.to_owned()));
            assert_eq!(found.unwrap_or_default().to_bytes(), text.as_bytes());
            for nul in [
                format!("\0{text}"),
                format!("{text}\0"),
                format!("{text}\0{text}"),
            ] {
                let error = with_c_str(&nul, |_| Ok(()))
                    .err()
                    .map(|error| error.to_string());
                assert_eq!(
                    error.as_deref(),
                    Some("ValueError: embedded null character")
                );
            }
        }
    }
}
