//! The functions that interpreters call of methods, and the definitions that name them.

pub(crate) mod capi;
#[cfg(all(feature = "cpython", not(feature = "universal")))]
mod cpython;
#[cfg(feature = "universal")]
pub(crate) mod universal;

#[cfg(all(feature = "cpython", not(feature = "universal")))]
pub use cpython::{exec_def, keywords_def, noargs_def, o_def, varargs_def};
#[cfg(feature = "universal")]
pub use universal::{exec_def, keywords_def, noargs_def, o_def, varargs_def};
