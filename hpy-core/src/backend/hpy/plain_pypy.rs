//! Whether a context is that of PyPy's own HPy.

use crate::Context;
use core::sync::atomic::{AtomicPtr, Ordering};
use hpy_sys::*;

/// The context of PyPy's own HPy; null elsewhere, and before a module is loaded. Those of its debug
/// and trace modes are others.
static PLAIN_CONTEXT: AtomicPtr<HPyContext> = AtomicPtr::new(core::ptr::null_mut());

/// Remembers the context.
pub(super) fn set(ctx: Context<'_>) {
    PLAIN_CONTEXT.store(ctx.as_ptr(), Ordering::Release);
}

/// Whether the context is PyPy's own, of neither its debug nor its trace mode. A load and a
/// comparison, for what is asked at each conversion.
#[inline(always)]
pub(crate) fn is_plain(ctx: Context<'_>) -> bool {
    core::ptr::eq(PLAIN_CONTEXT.load(Ordering::Relaxed), ctx.as_ptr())
}

/// Whether the value that says so is no error. An exception does not stay.
#[cold]
#[inline(never)]
#[allow(improper_ctypes_definitions)] // so it is known not to unwind
pub(crate) extern "C" fn nothing_raised(ctx: Context<'_>) -> bool {
    let raw = ctx.as_ptr();
    // SAFETY: the context is valid.
    unsafe {
        let raised = ((*raw).ctx_Err_Occurred)(raw) != 0;
        if raised {
            ((*raw).ctx_Err_Clear)(raw);
        }
        !raised
    }
}
