//! Macros for extensions that are written by hand on the raw API.

mod module;
mod types;

pub use module::RawModule;
#[cfg(all(feature = "cpython", not(feature = "universal")))]
pub use types::call_from_trampoline;
