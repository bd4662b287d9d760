//! The runtimes that a context can be of, as bits.

/// The own runtime on PyPy 8.
pub(crate) const OWN_ON_PYPY: u8 = 1;
/// The own runtime on GraalPy 25.
pub(crate) const OWN_ON_GRAALPY: u8 = 2;
/// PyPy 7.3's own HPy.
pub(crate) const PYPY_HPY: u8 = 4;
/// GraalPy 24's own HPy.
pub(crate) const GRAALPY_HPY: u8 = 8;
/// This project's package `hpy`.
pub(crate) const PACKAGE: u8 = 16;
/// PyPI's package `hpy`, and any other.
pub(crate) const PYPI_HPY: u8 = 32;

/// All that are not the own one.
#[cfg(feature = "universal")]
pub(super) const FOREIGN: u8 = PYPY_HPY | GRAALPY_HPY | PACKAGE | PYPI_HPY;
