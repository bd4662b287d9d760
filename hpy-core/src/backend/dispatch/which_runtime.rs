//! Which runtime a context is of.

use crate::Context;
use hpy_sys::is_of_bundled_runtime;

/// Whether it is the own runtime's.
#[inline(always)]
pub(crate) fn own(ctx: Context<'_>) -> bool {
    is_of_bundled_runtime(ctx.as_ptr())
}
