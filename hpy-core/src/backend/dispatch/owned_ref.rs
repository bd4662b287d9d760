//! Objects kept beyond a call.

use super::which_runtime::own;
use crate::backend::{capi, hpy};
use crate::exceptions::RuntimeError;
use crate::{Context, Result};
use hpy_sys::HPy;

/// An object kept beyond a call.
#[derive(Debug)]
pub(crate) enum Kept {
    Own(capi::owned_ref::Kept),
    Foreign(hpy::owned_ref::Kept),
}

impl Kept {
    #[inline]
    pub(crate) fn new(ctx: Context<'_>, raw: HPy) -> Result<Self> {
        if own(ctx) {
            capi::owned_ref::Kept::new(ctx, raw).map(Self::Own)
        } else {
            hpy::owned_ref::Kept::new(ctx, raw).map(Self::Foreign)
        }
    }

    /// Calls `body` with a context, if there is one to be had: a foreign one is its call's alone.
    pub(crate) fn while_attached<R>(
        &self,
        body: impl for<'ctx> FnOnce(Context<'ctx>) -> R,
    ) -> Option<R> {
        match self {
            Self::Own(kept) => kept.while_attached(body),
            Self::Foreign(_) => None,
        }
    }

    #[inline]
    pub(crate) fn get(&self, ctx: Context<'_>) -> Result<HPy> {
        match self {
            Self::Own(kept) if own(ctx) => kept.get(ctx),
            Self::Foreign(kept) if !own(ctx) => kept.get(ctx),
            _ => Err(RuntimeError::new(
                "the object was kept by a module that another HPy runtime of the process has \
                 loaded",
            )),
        }
    }
}

/// Whether a call by a host should call [`release_waiting`] at its end. Nothing can be released
/// there where it is dropped. Under the bundled runtime the next call releases what was dropped
/// where the interpreter could not be used.
#[inline(always)]
pub(crate) fn host_releases_wait(ctx: Context<'_>) -> bool {
    !own(ctx) && hpy::owned_ref::releases_wait()
}

/// Whether [`release_waiting`] should be called: each runtime has its own list, which the other's
/// calls need not see.
#[inline(always)]
pub(crate) fn releases_wait(ctx: Context<'_>) -> bool {
    if own(ctx) {
        capi::owned_ref::releases_wait(ctx)
    } else {
        hpy::owned_ref::releases_wait()
    }
}

/// Releases what was dropped where it could not be released.
pub(crate) fn release_waiting(ctx: Context<'_>) {
    if own(ctx) {
        capi::owned_ref::release_waiting(ctx)
    } else {
        hpy::owned_ref::release_waiting(ctx)
    }
}
