//! Text through the context.

use crate::Context;
use hpy_sys::*;

/// A new str, or null with an exception. HPy's API has no function that takes UTF-8 with a length:
/// ASCII goes by `HPyUnicode_DecodeASCII`, the rest is decoded from bytes.
#[inline]
pub(crate) fn str_from_utf8(ctx: Context<'_>, text: &str) -> HPy {
    let (ctx, size) = (ctx.as_ptr(), text.len() as HPy_ssize_t);
    // SAFETY: pointer and length are a str's, the context is valid, the bytes are closed once.
    unsafe {
        if text.is_ascii() {
            return HPyUnicode_DecodeASCII(ctx, text.as_ptr().cast(), size, core::ptr::null());
        }
        let bytes = HPyBytes_FromStringAndSize(ctx, text.as_ptr().cast(), size);
        if bytes.is_null() {
            return HPy_NULL;
        }
        let (encoding, errors) = (c"utf-8".as_ptr(), c"strict".as_ptr());
        let result = HPyUnicode_FromEncodedObject(ctx, bytes, encoding, errors);
        HPy_Close(ctx, bytes);
        result
    }
}
