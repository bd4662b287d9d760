//! CPython's C API, as far as HPy needs it: the second table, and what is known of objects' layouts.
//!
//! Functions have CPython's names and take `*mut PyObject`, never handles: a one-word struct may be
//! passed in another way than a pointer. Static objects and variables are functions without arguments:
//! `capi::PyExc_TypeError()`.
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

mod attached;
mod items;
mod layout;
mod linked;
mod structs;
mod table;
mod vectorcall;

pub use attached::{attached, free_threaded};
pub use items::*;
pub use layout::*;
pub use linked::*;
pub use structs::*;
pub use vectorcall::vectorcall;

/// An object of the interpreter.
pub type PyObject = crate::cpy_PyObject;

/// The version of CPython this is compiled for.
pub const PYTHON_VERSION: (u8, u8) = (3, minor(env!("HPY_SYS_PYTHON_MINOR")));

/// The version of CPython that runs: in this ABI the one it was compiled for.
#[inline(always)]
pub const fn version() -> (u8, u8) {
    PYTHON_VERSION
}

/// Parses the number that the build script wrote.
const fn minor(text: &str) -> u8 {
    let bytes = text.as_bytes();
    let mut number = 0;
    let mut index = 0;
    while index < bytes.len() {
        number = number * 10 + (bytes[index] - b'0');
        index += 1;
    }
    number
}
