//! CPython's C API, as far as HPy needs it: the second table, and what is known of objects' layouts.
//!
//! Functions have CPython's names and take `*mut PyObject`, never handles: a one-word struct may be
//! passed in another way than a pointer. Static objects and variables are functions without arguments:
//! `capi::running::PyExc_TypeError()`.
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

#[cfg(feature = "universal")]
mod attached;
#[cfg(feature = "universal")]
pub(crate) mod graalpy;
mod items;
mod layout;
#[cfg(not(feature = "universal"))]
mod linked;
#[cfg(not(feature = "universal"))]
pub(crate) use linked::statics;
mod numbers;
#[cfg(feature = "universal")]
mod platform;
#[cfg(feature = "universal")]
mod pypy;
#[cfg(feature = "universal")]
mod resolved;
pub mod running;
mod structs;
mod table;
mod type_calls;
mod type_checks;
mod vectorcall;

#[cfg(feature = "universal")]
pub use attached::attached;
pub use items::*;
pub use layout::*;
#[cfg(not(feature = "universal"))]
pub use linked::*;
pub use numbers::*;
#[cfg(feature = "universal")]
pub use pypy::owner_of_memory;
#[cfg(feature = "universal")]
pub use pypy::types::type_from_spec;
#[cfg(feature = "universal")]
pub use resolved::*;
pub use structs::*;
pub use type_calls::*;
pub use type_checks::*;
pub use vectorcall::vectorcall;

/// An object of the interpreter.
pub type PyObject = crate::cpy_PyObject;
