//! The CPython ABI: handles are objects' addresses, calls go straight to the C API.

mod entries;
mod entry_points;
mod kept;
mod keyword_names;
mod objects;
mod raised;
mod stand_ins;
mod text;

pub use entries::{exec_def, keywords_def, noargs_def, o_def, varargs_def};
pub(crate) use kept::{Kept, Release};
pub use keyword_names::KeywordName;
pub(crate) use keyword_names::known_keyword;
pub(crate) use objects::{
    INTS_ARE_INDEXED, dict_items, is_int, list_get, list_len, str_from_utf8, tuple_get, tuple_len,
    with_keyword_name,
};
pub(crate) use raised::Raised;
pub(crate) use text::{bytes_len, char_count, utf8};

use crate::exceptions::ImportError;
use crate::{Context, Result};
use core::sync::atomic::{AtomicI64, Ordering};
use hpy_sys::{HPyContext, capi};

/// There is no context to carry.
#[derive(Clone, Copy)]
pub(crate) struct RawContext;

impl RawContext {
    #[inline(always)]
    pub(crate) fn as_ptr(self) -> *mut HPyContext {
        core::ptr::null_mut()
    }
}

/// What has to happen before a module's own code runs: statics belong to one interpreter, so a second
/// one of the process is refused. (From 3.12 on the module says so itself; interpreters made the old
/// way don't ask.)
pub(crate) fn module_loads(_: Context<'_>) -> Result<()> {
    static INTERPRETER: AtomicI64 = AtomicI64::new(-1);
    // SAFETY: the thread is attached.
    let this = unsafe { capi::PyInterpreterState_GetID(capi::PyInterpreterState_Get()) };
    match INTERPRETER.compare_exchange(-1, this, Ordering::AcqRel, Ordering::Acquire) {
        Ok(_) => Ok(()),
        Err(first) if first == this => Ok(()),
        Err(_) => Err(ImportError::new(
            "this module can be imported by one interpreter of a process only, and another one has done so",
        )),
    }
}

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
