//! What contexts of this project offer beyond HPy's API.

use super::*;

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
        if !is_of_package(ctx) {
            return None;
        }
        let extension = (*ctx)._private.cast::<ContextExtension>().as_ref();
        extension.filter(|extension| extension.size >= size_of::<ContextExtension>())
    }
}
