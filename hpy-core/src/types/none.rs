//! `None`.

use crate::Handle;
use crate::types::Object;
use hpy_sys::*;

impl Handle<'_, Object> {
    /// Whether the object is `None`. In HPy's C API `HPy_Is(ctx, h, ctx->h_None)`.
    #[inline(always)]
    #[must_use]
    pub fn is_none(&self) -> bool {
        let ctx = self.ctx().as_ptr();
        // SAFETY: the handle is open, None's is the context's.
        unsafe { HPy_Is(ctx, self.as_raw(), h_None(ctx)) != 0 }
    }
}
