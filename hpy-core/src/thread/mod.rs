//! Threads: who may use the interpreter, and Rust code that runs without it.

pub mod attach;
pub mod detach;
pub(crate) mod detached;
mod kept_objects;
mod signals;

use crate::{Context, backend};
use hpy_sys::HPyErr_Occurred;

/// Releases what was dropped where the interpreter could not be used. Finalizers may not run while
/// an exception is pending: then a later call does it.
#[inline]
pub(crate) fn release(ctx: Context<'_>) {
    // SAFETY: the context is valid for the call.
    if backend::releases_wait(ctx) && unsafe { HPyErr_Occurred(ctx.rarely().as_ptr()) } == 0 {
        backend::release_waiting(ctx);
    }
}
