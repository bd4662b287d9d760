//! Straight to the C API: the CPython ABI, and universal binaries on their own runtime. Handles are objects'
//! addresses.

pub(crate) mod buffer;
pub(crate) mod cached;
pub(crate) mod exception;
pub(crate) mod keyword_names;
pub(crate) mod numbers;
pub(crate) mod objects;
pub(crate) mod owned_ref;
pub(crate) mod text;

use crate::{Context, Result};
use hpy_sys::capi;
use hpy_sys::fork::SpinLock;

/// What has to happen before a module's own code runs: nothing, since the runtime knows the interpreter by then.
pub(crate) fn module_loads(_: Context<'_>) -> Result<()> {
    Ok(())
}

/// A module whose own code failed is the interpreter's to clean up.
pub(crate) fn module_failed(_: &crate::Handle<'_, crate::types::Module>) {}

/// Keeps two threads from a global at once where no interpreter-wide lock does.
pub(crate) struct GlobalLock {
    lock: SpinLock,
}

impl GlobalLock {
    pub(crate) const fn new() -> Self {
        Self {
            lock: SpinLock::new(),
        }
    }

    /// `body` is a few instructions that call no Python code.
    #[inline(always)]
    pub(crate) fn during<R>(&self, body: impl FnOnce() -> R) -> R {
        if !capi::free_threaded() {
            return body();
        }
        self.lock.during(body)
    }
}
