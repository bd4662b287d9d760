//! A way out for errors that no caller can be told of.

use super::Error;
use crate::{Context, Handle};
use hpy_sys::*;

impl Error {
    /// Reports the error where no caller can be told, as Python does for one in `__del__`: through
    /// `sys.unraisablehook`, which prints it. `object` says where it happened. HPy's
    /// `HPyErr_WriteUnraisable`.
    #[cold]
    #[inline]
    pub fn write_unraisable<'ctx>(self, ctx: Context<'ctx>, object: Option<&Handle<'ctx>>) {
        self.raise(ctx);
        // SAFETY: an exception is pending; the handle is open, or a constant of the context.
        unsafe {
            let none = h_None(ctx.as_ptr());
            let object = object.map_or(none, Handle::as_raw);
            report_unraisable(ctx, object);
        }
    }
}

/// `HPyErr_WriteUnraisable`, for objects whose `__repr__` may fail.
///
/// PyPy 7.3 asks for it, and where it fails while the collector runs finalizers, no other object is
/// deallocated any more. So the context is asked before, and told of no object whose `__repr__`
/// fails.
///
/// # Safety
/// The handle is open, and an exception is pending.
#[cold]
#[inline(never)]
pub(crate) unsafe fn report_unraisable(ctx: Context<'_>, object: HPy) {
    let ctx = ctx.rarely();
    let mut told = object;
    if !ctx.raw.is_direct()
        && let Some(pending) = Error::take(ctx)
    {
        // SAFETY: as promised by the caller; what was pending is taken.
        unsafe {
            let text = HPy_Repr(ctx.as_ptr(), object);
            if text.is_null() {
                HPyErr_Clear(ctx.as_ptr());
                told = h_None(ctx.as_ptr());
            } else {
                HPy_Close(ctx.as_ptr(), text);
            }
        }
        pending.raise(ctx);
    }
    // SAFETY: as promised by the caller; an exception is pending.
    unsafe { HPyErr_WriteUnraisable(ctx.as_ptr(), told) }
}
