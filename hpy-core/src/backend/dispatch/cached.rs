//! Objects of each interpreter in statics that no module declares.

use super::which_runtime::own;
use crate::backend::{capi, hpy};
use crate::{Context, Handle, Result};
use hpy_sys::HPy;

/// The object of each interpreter in a static that no module declares.
pub(crate) struct CachedPlace(capi::cached::CachedPlace);

impl CachedPlace {
    pub(crate) const fn new() -> Self {
        Self(capi::cached::CachedPlace::new())
    }

    /// The static's own address: what foreign runtimes know it by.
    fn address(&'static self) -> usize {
        (&raw const *self).addr()
    }

    /// A new handle to the object, or null.
    #[inline(never)]
    pub(crate) fn load(&'static self, ctx: Context<'_>) -> Result<HPy> {
        if own(ctx) {
            self.0.load(ctx)
        } else {
            hpy::cached::load(ctx, self.address())
        }
    }

    /// Keeps the object unless there is one already. A new handle to the one that is there then.
    #[cold]
    pub(crate) fn keep_first<'ctx>(
        &'static self,
        ctx: Context<'ctx>,
        object: &Handle<'ctx>,
    ) -> Result<HPy> {
        if own(ctx) {
            self.0.keep_first(ctx, object)
        } else {
            hpy::cached::keep_first(ctx, self.address(), object)
        }
    }
}
