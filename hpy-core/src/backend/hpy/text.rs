//! Text and bytes through the context.

use super::pypy;
use crate::backend::quirks::Quirk;
use crate::types::{Bytes, Str, Type};
use crate::{Context, Error, Handle, Result};
use core::ptr::NonNull;
use hpy_sys::*;

/// A new str, or null with an exception. HPy's API has no function that takes UTF-8 with a length:
/// ASCII goes by `HPyUnicode_DecodeASCII`, the rest is decoded from bytes.
#[inline(never)]
#[allow(improper_ctypes_definitions)] // so it is known not to unwind
pub(crate) extern "C" fn str_from_utf8(ctx: Context<'_>, text: &str) -> HPy {
    if text.len() > i32::MAX as usize && ctx.has(Quirk::SIZES_ARE_SHORT) {
        // SAFETY: the context is valid.
        unsafe { HPyErr_NoMemory(ctx.as_ptr()) };
        return HPy_NULL;
    }
    if pypy::is_plain(ctx)
        && let Some(made) = short_str(ctx, text)
    {
        return made;
    }
    let (ctx, size) = (ctx.rarely().as_ptr(), text.len() as HPy_ssize_t);
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

/// A new str, or null with an exception, by a copy that ends in NUL, for PyPy's own HPy: it makes a
/// str of one word's C string in less time than it decodes a str of a length. None for texts that
/// are long or contain NUL.
#[inline]
fn short_str(ctx: Context<'_>, text: &str) -> Option<HPy> {
    const ROOM: usize = 64;
    let (raw, mut room) = (ctx.as_ptr(), [0u8; ROOM]);
    if text.len() >= ROOM {
        return None;
    }
    room[..text.len()].copy_from_slice(text.as_bytes());
    // Of all bytes, which is quicker than of those of the text: their number is a constant.
    let zeros: u8 = room.iter().map(|byte| u8::from(*byte == 0)).sum();
    // SAFETY: a C string; by the word, as the context is a host's.
    let make = || unsafe { ((*raw).ctx_Unicode_FromString)(raw, room.as_ptr().cast()) };
    (usize::from(zeros) == ROOM - text.len()).then(make)
}

/// The text of a str by one word of PyPy's own HPy, which refuses what is no str and runs no code.
/// None says nothing, as there may be lone surrogates, and any context may be another.
#[inline(never)]
pub(crate) fn text_by_one_word<'a>(handle: &'a Handle<'_>) -> Option<&'a str> {
    let ctx = handle.ctx();
    if !pypy::is_plain(ctx) {
        return None;
    }
    let (raw, mut size) = (ctx.as_ptr(), 0);
    // SAFETY: the handle is open. By the word, as the context is a host's.
    let text = unsafe { ((*raw).ctx_Unicode_AsUTF8AndSize)(raw, handle.as_raw(), &mut size) };
    if text.is_null() {
        pypy::nothing_raised(ctx);
        return None;
    }
    // SAFETY: bytes of that size, which live as long as the handle is open.
    let bytes = unsafe { core::slice::from_raw_parts(text.cast(), size as usize) };
    core::str::from_utf8(bytes).ok()
}

/// The bytes as text. PyPy passes lone surrogates as they are, which is no UTF-8; GraalPy 24
/// replaces them.
#[inline(never)]
pub(crate) fn utf8<'a>(text: &'a Handle<'_, Str>, bytes: &'a [u8]) -> Result<&'a str> {
    let start = match core::str::from_utf8(bytes) {
        Ok(decoded) => match replaced(text, bytes) {
            None => return Ok(decoded),
            Some(start) => start,
        },
        Err(error) => chars(bytes)
            .take_while(|(at, _)| *at < error.valid_up_to())
            .count(),
    };
    Err(surrogate(text, start).unwrap_or_else(|error| error))
}

/// Where each character of UTF-8 begins, and its first byte. By hand, as str's own ways cost a
/// kilobyte of every extension.
fn chars(bytes: &[u8]) -> impl Iterator<Item = (usize, u8)> {
    let bytes = bytes.iter().copied().enumerate();
    bytes.filter(|(_, byte)| byte & 0xc0 != 0x80)
}

/// Where U+FFFD stands for something else, on GraalPy 24.
fn replaced(text: &Handle<'_, Str>, bytes: &[u8]) -> Option<usize> {
    let ctx = text.ctx().rarely().as_ptr();
    if !text.ctx().has(Quirk::SURROGATES_ARE_REPLACED) {
        return None;
    }
    chars(bytes).enumerate().find_map(|(index, (at, byte))| {
        let is_suspect = byte == 0xef && bytes[at..].starts_with("\u{fffd}".as_bytes());
        // SAFETY: the handle is open, the index in range.
        let is_replaced = is_suspect
            && unsafe { HPyUnicode_ReadChar(ctx, text.as_raw(), index as isize) } != 0xfffd;
        is_replaced.then_some(index)
    })
}

/// What Python's own `encode` raises.
#[cold]
fn surrogate(text: &Handle<'_, Str>, start: usize) -> Result<Error> {
    let ctx = text.ctx().rarely();
    // SAFETY: the constant is a type.
    let type_: Handle<'_> = unsafe { ctx.constant(h_UnicodeEncodeError(ctx.as_ptr())) };
    let error = type_.call_handles(&[
        ctx.str("utf-8")?.into_object(),
        text.as_object().dup(),
        ctx.handle(start)?,
        ctx.handle(start + 1)?,
        ctx.str("surrogates not allowed")?.into_object(),
    ])?;
    Ok(Error::from_value(&error))
}

/// The size of a bytes object. PyPy asks the `__len__` of subclasses for it, which may say
/// anything.
#[inline(never)]
pub(crate) fn bytes_len(bytes: &Handle<'_, Bytes>) -> usize {
    let ctx = bytes.ctx().rarely();
    // SAFETY: the constant is a type.
    let exactly: Handle<'_, Type> = unsafe { ctx.constant(h_BytesType(ctx.as_ptr())) };
    if bytes.type_().is(&exactly) {
        // SAFETY: the handle is open, the object is bytes.
        let size = unsafe { HPyBytes_GET_SIZE(ctx.as_ptr(), bytes.as_raw()) };
        return size.max(0) as usize;
    }
    exactly
        .getattr(c"__len__")
        .and_then(|len| len.call1((bytes,))?.extract())
        .unwrap_or(0)
}

/// A context gives no memory that may be written.
#[inline(always)]
pub(crate) fn zeroed_bytes<'ctx>(
    _: Context<'ctx>,
    _: usize,
) -> Result<Option<(Handle<'ctx, Bytes>, NonNull<u8>)>> {
    Ok(None)
}

/// HPy's API has no function that takes code points.
#[inline(always)]
pub(crate) fn str_from_code_points(_: Context<'_>, _: &[u32]) -> Option<HPy> {
    None
}

/// The number of code points of a str, whatever a subclass says.
#[inline(never)]
pub(crate) fn char_count(text: &Handle<'_, Str>) -> usize {
    let ctx = text.ctx();
    // SAFETY: the constant is a type.
    let exactly: Handle<'_, Type> = unsafe { ctx.constant(h_UnicodeType(ctx.as_ptr())) };
    if text.type_().is(&exactly) {
        return text.length().unwrap_or(0);
    }
    exactly
        .getattr(c"__len__")
        .and_then(|len| len.call1((text,))?.extract())
        .unwrap_or(0)
}
