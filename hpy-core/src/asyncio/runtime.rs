//! The runtime that futures are polled within: tokio's, if the feature is on.

#[cfg(feature = "tokio")]
pub(super) use crate::tokio::within;

/// There is none.
#[cfg(not(feature = "tokio"))]
#[inline(always)]
pub(super) fn within<R>(work: impl FnOnce() -> R) -> crate::Result<R> {
    Ok(work())
}
