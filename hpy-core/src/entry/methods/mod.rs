//! The functions that interpreters call of methods, and the definitions that name them.

pub(super) mod bodies;
pub(super) mod capi_entries;
#[cfg(all(feature = "cpython", not(feature = "universal")))]
mod cpython_definitions;
#[cfg(feature = "universal")]
pub(super) mod host_entries;
#[cfg(feature = "universal")]
mod universal_definitions;

#[cfg(all(feature = "cpython", not(feature = "universal")))]
pub use cpython_definitions::{exec_def, keywords_def, noargs_def, o_def, varargs_def};
#[cfg(feature = "universal")]
pub use universal_definitions::{exec_def, keywords_def, noargs_def, o_def, varargs_def};
