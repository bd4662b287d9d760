//! What a universal HPy binary needs beside itself.
//!
//! A universal binary `NAME.hpy0.so` is no native extension of any one interpreter, so Python's
//! import system does not find it. A small Python file `NAME.py` beside it does: see [`loader`].

mod loader;
#[cfg(feature = "runtime")]
mod module_init;

pub use loader::{is_loader, loader};
#[cfg(feature = "runtime")]
pub use module_init::{module_export, module_init};
