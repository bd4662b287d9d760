//! Functions that this project's contexts have in addition to HPy's API.

use super::*;
use core::ffi::c_int;

/// Additional functions, found through a context's `_private`. New fields are only appended.
#[derive(Debug)]
#[repr(C)]
pub struct ContextExtension {
    /// The size in bytes. An older runtime has fewer fields than a newer extension knows.
    pub size: usize,
    /// Takes the pending exception. Returns a new handle, or null if none is pending.
    pub fetch: unsafe extern "C" fn(*mut HPyContext) -> HPy,
    /// Lists of numbers in one call; null where there is no such way.
    pub numbers: Option<&'static NumberFunctions>,
}

/// Functions that read and make a whole list of numbers.
#[derive(Debug)]
#[repr(C)]
pub struct NumberFunctions {
    /// Writes the items of an exact list (the flag is 1) or tuple (0) into memory, and returns how
    /// many. It stops where the memory ends, and at an item whose value can't be seen without a
    /// call. It runs no Python code, and raises nothing.
    pub read:
        unsafe extern "C" fn(*mut HPyContext, HPy, c_int, PackedKind, *mut [u8; 8], usize) -> usize,
    /// A new list of the numbers in memory, or null with an exception.
    pub make_list: unsafe extern "C" fn(*mut HPyContext, PackedKind, *const [u8; 8], usize) -> HPy,
}

/// How numbers stand in memory, each in eight bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(transparent)]
pub struct PackedKind(pub c_int);

impl PackedKind {
    /// As `i64`.
    pub const INTS: Self = Self(0);
    /// As `f64`.
    pub const FLOATS: Self = Self(1);
}

/// The additional functions of `ctx`, if it is one of this project's contexts.
///
/// # Safety
/// `ctx` is a valid context.
pub unsafe fn context_extension(ctx: *mut HPyContext) -> Option<&'static ContextExtension> {
    // SAFETY: a context's name is a C string. `_private` of a context with that name is null or
    // points to a static extension.
    unsafe {
        if !is_of_package(ctx) {
            return None;
        }
        let extension = (*ctx)._private.cast::<ContextExtension>().as_ref();
        extension.filter(|extension| extension.size >= size_of::<ContextExtension>())
    }
}
