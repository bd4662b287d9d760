//! What differs between the two ABIs, behind one set of names.
//!
//! - `RawContext`: nothing in the CPython ABI, a pointer in the universal one;
//! - `…_def`: the definition of a method, with its one `extern "C"` boundary;
//! - `Raised`: an exception taken from the interpreter; `Kept`: an object kept beyond a call, and
//!   `release_waiting` for those dropped where the interpreter could not be used;
//! - quick ways to what HPy's functions do slowly.

pub(crate) mod any_global;
pub(crate) mod capi;
#[cfg(feature = "universal")]
pub(crate) mod dispatch;
#[cfg(feature = "universal")]
pub(crate) mod hpy;
pub(crate) mod quirks;
mod runtimes;

/// How many numbers get quickest out of lists and into them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(feature = "universal"), allow(dead_code))]
pub(crate) enum Way {
    /// Their memory is read.
    InLine,
    /// A call for each.
    OneByOne,
    /// Python's module `array`.
    Array,
    /// Python's module `struct`.
    Struct,
}

/// What a type has beside a built-in base, which not every interpreter has room for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(feature = "universal"), allow(dead_code))]
pub(crate) struct BaseOptions {
    /// Its base is a type in Rust that derives from the built-in one.
    pub(crate) is_deep: bool,
    /// Its objects can be called.
    pub(crate) is_called: bool,
}

#[cfg(all(feature = "cpython", not(feature = "universal")))]
pub(crate) mod cpython;
#[cfg(all(feature = "cpython", not(feature = "universal")))]
pub use cpython::*;

#[cfg(feature = "universal")]
pub(crate) mod universal;
#[cfg(feature = "universal")]
pub use universal::*;
