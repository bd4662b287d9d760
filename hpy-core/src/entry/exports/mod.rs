//! The symbols that an extension exports for each of its modules.

#[cfg(all(feature = "cpython", not(feature = "universal")))]
mod cpython;
#[cfg(all(feature = "cpython", not(feature = "universal")))]
mod stand_ins;
#[cfg(feature = "universal")]
mod universal;

#[cfg(all(feature = "cpython", not(feature = "universal")))]
pub use cpython::module_init;
hpy_sys::__if_exported! {
    #[cfg(not(feature = "universal"))]
    pub use cpython::module_export;
}
#[cfg(feature = "universal")]
pub use universal::{module_export, module_init};
