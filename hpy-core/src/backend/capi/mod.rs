//! Straight to the C API: the CPython ABI, and universal binaries on their own runtime. Handles are
//! objects' addresses.

pub(crate) mod buffer;
pub(crate) mod cached;
pub(crate) mod exception;
pub(crate) mod keyword_names;
pub(crate) mod lock;
#[cfg(feature = "numpy")]
pub(crate) mod ndarray;
pub(crate) mod numbers;
pub(crate) mod objects;
pub(crate) mod owned_ref;
pub(crate) mod signals;
pub(crate) mod text;

use crate::{Context, Result};

/// What has to happen before a module's own code runs: nothing, since the runtime knows the
/// interpreter by then.
pub(crate) fn module_loads(_: Context<'_>) -> Result<()> {
    Ok(())
}

/// A module whose own code failed is the interpreter's to clean up.
pub(crate) fn module_failed(_: &crate::Handle<'_, crate::types::Module>) {}
