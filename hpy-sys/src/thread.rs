//! Attaching threads, and re-entering Python while the interpreter may be finalizing.
//!
//! CPython before 3.14 ends a thread that re-enters a finalizing interpreter by `pthread_exit`,
//! which unwinds its stack. Only a panic may unwind Rust frames: anything else aborts. So the
//! thread waits here until the process ends, as it does in CPython 3.14.

use crate::capi;
use crate::forced_unwind::wait_forever;
use crate::handles::HPyThreadState;
use crate::interpreters;
use core::ffi::{c_uint, c_void};

/// CPython's `PyEval_RestoreThread`.
///
/// # Safety
/// `state` is what this thread got when it left Python.
#[inline]
pub(crate) unsafe fn restore_thread(state: HPyThreadState) {
    let restore = capi::restore_thread();
    // SAFETY: as promised by the caller.
    or_wait(|| unsafe { restore(state._i as *mut c_void) });
}

/// HPy's `HPy_ReenterPythonExecution`, without unwinding.
///
/// # Safety
/// `state` is what this thread got when it left Python.
#[cfg(not(feature = "universal"))]
#[inline]
pub unsafe fn reenter(_: *mut crate::HPyContext, state: HPyThreadState) {
    // SAFETY: as promised by the caller.
    unsafe { restore_thread(state) }
}

/// Runs `body`, and waits forever if it unwinds.
#[inline(always)]
pub(crate) fn or_wait(body: impl FnOnce()) {
    struct Wait;
    impl Drop for Wait {
        #[cold]
        fn drop(&mut self) {
            wait_forever();
        }
    }
    let wait = Wait;
    body();
    core::mem::forget(wait);
}

/// Keeps a thread attached to the main interpreter until dropped. [`attach`] says when it may be
/// dropped.
#[derive(Debug)]
#[must_use = "the thread is attached until this is dropped"]
pub struct Attached {
    state: c_uint,
    /// Not `Send`, because this thread is the attached one.
    _thread: core::marker::PhantomData<*mut ()>,
}

/// The interpreter cannot be entered. The text is the reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAttachable(pub &'static str);

/// Attaches this thread, and waits for the GIL if there is one. May be called on any thread, even
/// on an attached one. Never returns while the interpreter finalizes.
///
/// # Safety
/// Dropping the guard detaches the thread, unless it was attached before. So guards, and everything
/// else that attaches or detaches this thread, must end in the reverse order of their creation. The
/// guard must not be forgotten, dropped while the thread is detached, or dropped while anything
/// that began after it uses the interpreter.
///
/// # Errors
/// If the bundled runtime has loaded no module of the library, if a subinterpreter has loaded one
/// (only the main interpreter can be entered from outside), or if the interpreter has ended.
pub unsafe fn attach() -> Result<Attached, NotAttachable> {
    interpreters::is_main_alone().map_err(NotAttachable)?;
    // SAFETY: a module was loaded, so the C API is resolved. The function may be called on any
    // thread.
    if unsafe { capi::Py_IsInitialized() } == 0 {
        return Err(NotAttachable("the interpreter has ended"));
    }
    let ensure = capi::gil_ensure();
    let mut state = 0;
    // SAFETY: as above.
    or_wait(|| state = unsafe { ensure() });
    Ok(Attached {
        state,
        _thread: core::marker::PhantomData,
    })
}

impl Drop for Attached {
    fn drop(&mut self) {
        // SAFETY: the state comes from the same thread, because the guard is not `Send`. The caller
        // of `attach` promised that no later guard is left.
        unsafe { capi::PyGILState_Release(self.state) }
    }
}
