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
    /// Whether the interpreter runs without the GIL. Then each object has a lock of its own.
    pub free_threaded: unsafe extern "C" fn() -> bool,
    /// The module that is being loaded on this thread leaves the GIL off.
    pub leave_gil_off: unsafe extern "C" fn(),
    /// Enters the critical section of two objects, which may be the same. The memory stays where it
    /// is until the section is left.
    pub enter_section:
        unsafe extern "C" fn(*mut HPyContext, *mut capi::PyCriticalSection2, HPy, HPy),
    /// Leaves it, on the same thread.
    pub leave_section: LeaveSection,
}

/// Leaves a critical section.
pub type LeaveSection = unsafe extern "C" fn(*mut capi::PyCriticalSection2);

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
