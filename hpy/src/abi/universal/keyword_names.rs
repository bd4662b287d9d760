//! Keywords are known by their text only: handles have no address to compare.

use crate::Context;
use hpy_sys::HPy;

/// Nothing to remember of a parameter's name.
#[derive(Debug)]
pub struct KeywordName(());

impl KeywordName {
    /// For a static.
    #[allow(clippy::new_without_default)]
    pub const fn new() -> Self {
        Self(())
    }

    pub(crate) fn remember(&self, _: Context<'_>, _: HPy, _: usize) {}
}

#[inline(always)]
pub(crate) fn known_keyword(_: HPy, _: usize, _: &[KeywordName]) -> Option<usize> {
    None
}
