//! The handlers of signals.

use crate::Context;
use core::ffi::c_int;
use hpy_sys::capi;

/// `PyErr_CheckSignals`.
#[inline]
pub(crate) fn check_signals(ctx: Context<'_>) -> crate::Result<c_int> {
    ctx.assert_attached();
    // SAFETY: the thread is attached.
    Ok(unsafe { capi::PyErr_CheckSignals() })
}
