//! Straight to the C API: the CPython ABI, and universal binaries on their own runtime. Handles are objects'
//! addresses.

pub(super) mod entries;
pub(super) mod kept;
pub(super) mod keyword_names;
pub(super) mod objects;
pub(super) mod raised;
pub(super) mod text;

use crate::exceptions::ImportError;
use crate::{Context, Result};
use core::sync::atomic::{AtomicI64, Ordering};
use hpy_sys::capi;

/// What has to happen before a module's own code runs: statics belong to one interpreter, so a second
/// one of the process is refused. (From 3.12 on the module says so itself; interpreters made the old
/// way don't ask.)
pub(crate) fn module_loads(_: Context<'_>) -> Result<()> {
    static INTERPRETER: AtomicI64 = AtomicI64::new(-1);
    // SAFETY: the thread is attached.
    let this = unsafe { capi::interpreter_id() };
    match INTERPRETER.compare_exchange(-1, this, Ordering::AcqRel, Ordering::Acquire) {
        Ok(_) => Ok(()),
        Err(first) if first == this => Ok(()),
        Err(_) => Err(ImportError::new(
            "this module can be imported by one interpreter of a process only, and another one has done so",
        )),
    }
}

/// A module whose own code failed is the interpreter's to clean up.
pub(crate) fn module_failed(_: &crate::Handle<'_, crate::types::Module>) {}

/// Keeps two threads from a global at once where no interpreter-wide lock does.
pub(crate) struct GlobalLock {
    taken: core::sync::atomic::AtomicBool,
}

impl GlobalLock {
    pub(crate) const fn new() -> Self {
        Self {
            taken: core::sync::atomic::AtomicBool::new(false),
        }
    }

    /// `body` is a few instructions that call no Python code.
    #[inline(always)]
    pub(crate) fn during<R>(&self, body: impl FnOnce() -> R) -> R {
        if !capi::free_threaded() {
            return body();
        }
        while self.taken.swap(true, Ordering::Acquire) {
            core::hint::spin_loop();
        }
        let result = body();
        self.taken.store(false, Ordering::Release);
        result
    }
}
