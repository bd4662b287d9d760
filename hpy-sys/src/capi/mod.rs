//! The part of CPython's C API that HPy needs: the second table, and objects' layouts.
//!
//! Functions have CPython's names and take `*mut PyObject`. They never take handles, because a
//! one-word struct may be passed differently from a pointer. Static objects and variables are
//! functions without arguments: `capi::running::PyExc_TypeError()`.
//!
//! ```no_run
//! # #[cfg(all(feature = "cpython", not(feature = "universal")))]
//! # unsafe {
//! use hpy_sys::capi;
//! let one = capi::PyLong_FromLongLong(1);
//! let two = capi::PyNumber_Add(one, one);
//! capi::decref(one);
//! capi::decref(two);
//! # }
//! ```

#![allow(clippy::missing_safety_doc)] // Each is CPython's function, with CPython's contract.

mod counts;
mod dup;
mod facts;
#[cfg(feature = "universal")]
pub(crate) mod graalpy;
mod items;
mod layout;
#[cfg(not(feature = "universal"))]
mod linked;
pub mod ndarray;
mod numbers;
#[cfg(feature = "universal")]
pub(crate) mod platform;
#[cfg(feature = "universal")]
pub(crate) mod pypy;
#[cfg(feature = "universal")]
mod resolved;
pub mod running;
mod split_counts;
mod structs;
#[cfg(feature = "universal")]
mod symbol_lookup;
mod table;
mod text;
mod type_calls;
mod type_checks;
mod vectorcall;

pub use counts::*;
pub(crate) use dup::dups_in_line;
pub use facts::*;
#[cfg(feature = "universal")]
pub use graalpy::has_memory;
pub use items::*;
pub use layout::*;
#[cfg(not(feature = "universal"))]
pub use linked::*;
pub use numbers::*;
#[cfg(feature = "universal")]
pub use pypy::types::{class_of_new, type_from_spec};
#[cfg(feature = "universal")]
pub use resolved::*;
pub use structs::*;
#[cfg(feature = "universal")]
pub use symbol_lookup::*;
pub use text::*;
pub use type_calls::*;
pub use type_checks::*;
pub use vectorcall::vectorcall;
