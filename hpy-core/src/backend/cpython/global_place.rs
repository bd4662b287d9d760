//! The place of a global.

use crate::Context;
use hpy_sys::{HPyGlobal, Static};

/// Where a global is.
pub(crate) struct GlobalPlace(Static<HPyGlobal>);

impl GlobalPlace {
    pub(crate) const fn new() -> Self {
        Self(Static::new(HPyGlobal::NULL))
    }

    /// What the module's definition lists.
    pub(crate) const fn listed(&self) -> *mut HPyGlobal {
        self.0.as_ptr()
    }

    /// What the context uses.
    #[inline(always)]
    pub(crate) fn of(&self, _: Context<'_>) -> *mut HPyGlobal {
        self.0.as_ptr()
    }

    /// Nothing: nobody else writes into the place.
    #[inline(always)]
    pub(crate) fn stored(&self, _: Context<'_>) {}

    /// Nothing, likewise: it is empty.
    #[inline(always)]
    pub(crate) fn empty(&self, _: Context<'_>) {}

    /// Nothing, likewise.
    #[inline(always)]
    pub(crate) fn restore(&self, _: Context<'_>) {}
}
