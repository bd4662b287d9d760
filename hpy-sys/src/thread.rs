//! Coming back into Python on a thread that has left it, while the interpreter may be ending.
//!
//! CPython before 3.14 ends such a thread by `pthread_exit`, which unwinds its stack. Frames of Rust can be
//! unwound by a panic only, by anything else the process is aborted. So the thread waits here instead, until
//! the process ends, as CPython 3.14 has it do.

use crate::capi;
use crate::forced_unwind::wait_forever;
use crate::handles::HPyThreadState;
use crate::interpreters;
use core::ffi::{c_uint, c_void};

/// CPython's `PyEval_RestoreThread`.
///
/// # Safety
/// The state is that of this thread, which left.
#[inline]
pub(crate) unsafe fn restore_thread(state: HPyThreadState) {
    let restore = capi::restore_thread();
    // SAFETY: as promised by the caller.
    or_wait(|| unsafe { restore(state._i as *mut c_void) });
}

/// HPy's `HPy_ReenterPythonExecution`, which does not unwind: see above.
///
/// # Safety
/// The state is that of this thread, which left.
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

/// A thread that is attached to the main interpreter, until dropped. See [`attach`] for when it may
/// be dropped.
#[derive(Debug)]
#[must_use = "the thread is attached until this is dropped"]
pub struct Attached {
    state: c_uint,
    /// Not Send: what attached is this thread.
    _thread: core::marker::PhantomData<*mut ()>,
}

/// The interpreter cannot be entered from here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAttachable(pub &'static str);

/// Attaches this thread, waiting for the GIL where there is one. May be called on any thread, also on one that is attached already.
/// While the interpreter ends, this never returns.
///
/// # Safety
/// Dropping the guard detaches the thread, unless it was attached before. So guards and whatever
/// else attaches or detaches this thread must end in the reverse order of their beginning: the
/// guard is not forgotten, not dropped while the thread is detached, and not dropped while anything
/// uses the interpreter that began after it.
///
/// # Errors
/// Where no module of the library was loaded by the own runtime, where a subinterpreter has loaded one (only the main interpreter can be
/// entered from outside), and where the interpreter has ended.
pub unsafe fn attach() -> Result<Attached, NotAttachable> {
    interpreters::is_main_alone().map_err(NotAttachable)?;
    // SAFETY: a module was loaded, so the C API is resolved; may be called on any thread.
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
        // SAFETY: the state of the attaching, on the same thread (the guard is not Send); that no
        // later guard is left was promised to `attach`.
        unsafe { capi::PyGILState_Release(self.state) }
    }
}
