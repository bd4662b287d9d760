//! A lock for globals, where no lock is the interpreter's own.

use hpy_sys::capi;
use hpy_sys::fork::SpinLock;

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
