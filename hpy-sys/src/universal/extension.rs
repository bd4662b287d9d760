//! Functions that this project's contexts have in addition to HPy's API.

use super::*;

/// Additional functions, found through a context's `_private`. New fields are only appended.
#[derive(Debug)]
#[repr(C)]
pub struct ContextExtension {
    /// The size in bytes. An older runtime has fewer fields than a newer extension knows.
    pub size: usize,
    /// Takes the pending exception. Returns a new handle, or null if none is pending.
    pub fetch: unsafe extern "C" fn(*mut HPyContext) -> HPy,
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
