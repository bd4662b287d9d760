//! Which runtime a context is of: CPython.

use crate::Context;
use crate::backend::quirks::Quirk;

impl Context<'_> {
    /// Whether its runtime has the quirk: CPython has none of them.
    #[inline(always)]
    pub(crate) fn has(self, _: Quirk) -> bool {
        false
    }
}
