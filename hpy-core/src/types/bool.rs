//! `bool`.

use crate::types::Bool;
use crate::{Context, Handle, backend};
use hpy_sys::*;

impl<'ctx> Context<'ctx> {
    /// `True` or `False`. HPy's `HPyBool_FromBool`.
    #[inline]
    pub fn bool(self, value: bool) -> Handle<'ctx, Bool> {
        // SAFETY: a new handle to one of two objects that are always there.
        unsafe { Handle::from_raw_unchecked(self, HPyBool_FromBool(self.as_ptr(), value)) }
    }
}

impl Handle<'_, Bool> {
    /// The value.
    #[inline]
    pub fn value(&self) -> bool {
        let ctx = self.ctx();
        // SAFETY: the handle is open, True's is the context's.
        unsafe { backend::is(ctx, self.as_raw(), h_True(ctx.as_ptr())) }
    }
}
