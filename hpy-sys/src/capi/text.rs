//! New strs. One of ASCII is written in place where the layout is known.
//!
//! The bytes of such a str follow its struct: the length, the hash, a word of 32 bits, and up to
//! 3.11 a pointer to the text as `wchar_t`.

use super::layout::{Header, known};
use super::*;
use core::ffi::{c_char, c_void};

#[repr(C)]
struct Ascii {
    header: Header,
    length: isize,
    hash: isize,
    state: u32,
}

/// `PyASCIIObject` up to 3.11.
#[repr(C)]
struct AsciiWithWide {
    ascii: Ascii,
    wide: *mut c_void,
}

/// A new str of the text, or null with an exception.
///
/// # Safety
/// The thread is attached.
#[inline(never)]
pub unsafe fn str_from_utf8(text: &str) -> *mut PyObject {
    let size = text.len() as isize;
    // Strs of fewer than two characters exist once. SAFETY: as promised by the caller. The new str
    // has room for so many bytes behind its struct, and nobody else knows it.
    unsafe {
        if layout_known() && size > 1 && text.is_ascii() {
            let new = PyUnicode_New(size, 127);
            if !new.is_null() {
                let offset = match version().1 {
                    ..12 => size_of::<AsciiWithWide>(),
                    _ => size_of::<Ascii>(),
                };
                let bytes = known::<u8>(new).add(offset);
                bytes.copy_from_nonoverlapping(text.as_ptr(), text.len());
            }
            return new;
        }
        PyUnicode_FromStringAndSize(text.as_ptr().cast::<c_char>(), size)
    }
}
