//! Names of attributes and methods, in the forms that Rust has them.

use crate::exceptions::ValueError;
use crate::types::Str;
use crate::{Context, Handle, Result};
use core::ffi::CStr;

/// A name: `"x"`, `c"x"` (the quickest), a `String`, or a handle to a str.
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
        _: Context<'ctx>,
        by_text: impl FnOnce(&CStr) -> Result<R>,
        _: impl FnOnce(&Handle<'ctx, Str>) -> Result<R>,
    ) -> Result<R> {
        with_c_str(self, by_text)
    }
}

impl<'ctx> Name<'ctx> for &String {
    #[inline]
    fn with<R>(
        self,
        _: Context<'ctx>,
        by_text: impl FnOnce(&CStr) -> Result<R>,
        _: impl FnOnce(&Handle<'ctx, Str>) -> Result<R>,
    ) -> Result<R> {
        with_c_str(self, by_text)
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
    const SHORT: usize = 64;
    if text.len() < SHORT {
        let mut buffer = [0u8; SHORT];
        buffer[..text.len()].copy_from_slice(text.as_bytes());
        match CStr::from_bytes_with_nul(&buffer[..=text.len()]) {
            Ok(text) => body(text),
            Err(_) => Err(ValueError::new("embedded null character")),
        }
    } else {
        match std::ffi::CString::new(text) {
            Ok(text) => body(&text),
            Err(_) => Err(ValueError::new("embedded null character")),
        }
    }
}

/// As `with_c_str`, up to the first NUL.
pub(crate) fn with_c_str_lossy<R>(text: &str, body: impl FnOnce(&CStr) -> R) -> R {
    let mut bytes: Vec<u8> = text.bytes().take_while(|&byte| byte != 0).collect();
    bytes.push(0);
    body(CStr::from_bytes_until_nul(&bytes).unwrap_or_default())
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
                let first = nul.split('\0').next().unwrap_or_default().to_owned();
                assert_eq!(
                    with_c_str_lossy(&nul, |text| text.to_owned()).to_bytes(),
                    first.as_bytes()
                );
            }
        }
    }
}
