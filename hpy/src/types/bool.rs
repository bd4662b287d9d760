//! `bool`.

use crate::types::Bool;
use crate::{Context, Handle};
use hpy_sys::*;

impl<'ctx> Context<'ctx> {
    /// `True` or `False`. HPy's `HPyBool_FromBool`.
    #[inline]
    pub fn bool(self, value: bool) -> Handle<'ctx, Bool> {
        let ctx = self.as_ptr();
        // SAFETY: both constants are bools.
        unsafe { self.constant(if value { h_True(ctx) } else { h_False(ctx) }) }
    }
}

impl Handle<'_, Bool> {
    /// The value.
    #[inline]
    pub fn value(&self) -> bool {
        let ctx = self.ctx().as_ptr();
        // SAFETY: the handle is open.
        unsafe { HPy_Is(ctx, self.as_raw(), h_True(ctx)) != 0 }
    }
}
