//! What contexts of this project offer beyond HPy's API.

use super::*;
use core::ffi::CStr;

/// What the name of every context of this project begins with. Such a context has all words, in their places, and a
/// [`ContextExtension`] or null behind `_private`.
pub(super) const NAME: &[u8] = b"HPy for Rust";

/// Functions beside those of HPy's API, behind a context's `_private`. It only ever grows, at its end.
#[derive(Debug)]
#[repr(C)]
pub struct ContextExtension {
    /// How many bytes of it there are: an older runtime has fewer fields than a newer extension knows.
    pub size: usize,
    /// Takes the pending exception: a new handle, or null.
    pub fetch: unsafe extern "C" fn(*mut HPyContext) -> HPy,
}

/// What `ctx` offers beyond HPy's API, if it is one of this project's.
///
/// # Safety
/// `ctx` is a valid context.
pub unsafe fn context_extension(ctx: *mut HPyContext) -> Option<&'static ContextExtension> {
    // SAFETY: a context's name is a C string, and one of that name has the extension, in a static, or null.
    unsafe {
        let name = CStr::from_ptr((*ctx).name).to_bytes();
        if !name.starts_with(NAME) {
            return None;
        }
        (*ctx)._private.cast::<ContextExtension>().as_ref()
    }
}
