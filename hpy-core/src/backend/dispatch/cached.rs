//! Objects of each interpreter in statics that no module declares.

use super::which_runtime::own;
use crate::backend::hpy::pypy::Lasting;
use crate::backend::{capi, hpy};
use crate::object::handle::Borrowed;
use crate::types::Object;
use crate::{Context, Handle, Result};
use hpy_sys::{HPy, HPy_Dup, HPy_NULL};

/// The object of each interpreter in a static that no module declares.
pub(crate) struct CachedPlace {
    own: capi::cached::CachedPlace,
    lasting: Lasting,
}

impl CachedPlace {
    pub(crate) const fn new() -> Self {
        Self {
            own: capi::cached::CachedPlace::new(),
            lasting: Lasting::new(),
        }
    }

    /// The static's own address: what foreign runtimes know it by.
    fn address(&'static self) -> usize {
        (&raw const *self).addr()
    }

    /// A new handle to the object, or null.
    #[inline(never)]
    pub(crate) fn load(&'static self, ctx: Context<'_>) -> Result<HPy> {
        if own(ctx) {
            return self.own.load(ctx);
        }
        match self.lasting.get(ctx) {
            // SAFETY: the handle is open for ever, and the context's.
            Some(handle) => Ok(unsafe { HPy_Dup(ctx.as_ptr(), handle) }),
            None => hpy::cached::load(ctx, self.address()),
        }
    }

    /// The object without a new handle, where it is known at once.
    #[inline(always)]
    pub(crate) fn borrowed<'ctx>(
        &'static self,
        ctx: Context<'ctx>,
    ) -> Option<Borrowed<'static, 'ctx>> {
        if own(ctx) {
            return self.own.borrowed(ctx);
        }
        // SAFETY: the handle is open for ever, and the context's.
        let new = |raw| unsafe { Borrowed::new(ctx, raw) };
        self.lasting.get(ctx).map(new)
    }

    /// Keeps the object unless there is one already. A new handle to the one that is there then.
    #[cold]
    pub(crate) fn keep_first<'ctx>(
        &'static self,
        ctx: Context<'ctx>,
        object: &Handle<'ctx>,
    ) -> Result<HPy> {
        if own(ctx) {
            return self.own.keep_first(ctx, object);
        }
        let kept = hpy::cached::keep_first(ctx, self.address(), object)?;
        // SAFETY: a new handle, or null.
        let kept = unsafe { Handle::<Object>::from_raw(ctx, kept) };
        if let Some(kept) = &kept {
            self.lasting.keep(kept);
        }
        Ok(kept.map_or(HPy_NULL, Handle::into_raw))
    }
}
