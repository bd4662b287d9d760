//! The symbols that an extension exports for each of its modules.

#[cfg(all(feature = "cpython", not(feature = "universal")))]
mod cpython;
#[cfg(all(feature = "cpython", not(feature = "universal")))]
mod stand_ins;
#[cfg(feature = "universal")]
mod universal;

#[cfg(all(feature = "cpython", not(feature = "universal")))]
pub use cpython::module_init;
#[cfg(feature = "universal")]
pub use universal::module_init;
