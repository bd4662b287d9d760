//! Coming back into Python on a thread that has left it, while the interpreter may be ending.
//!
//! CPython before 3.14 ends such a thread by `pthread_exit`, which unwinds its stack. Frames of Rust can be
//! unwound by a panic only, by anything else the process is aborted. So the thread waits here instead, until
//! the process ends, as CPython 3.14 has it do.

use crate::capi;
use crate::handles::HPyThreadState;
use core::ffi::c_void;

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
/// `ctx` is a valid context, the state is that of this thread, which left.
#[cfg(feature = "universal")]
pub unsafe fn reenter(ctx: *mut crate::HPyContext, state: HPyThreadState) {
    use crate::HPyContext;
    type Reenter = unsafe extern "C" fn(*mut HPyContext, HPyThreadState);
    type UnwindingReenter = unsafe extern "C-unwind" fn(*mut HPyContext, HPyThreadState);
    if crate::universal::is_of_own_runtime(ctx) {
        // SAFETY: as promised by the caller.
        return unsafe { restore_thread(state) };
    }
    // SAFETY: the caller's context is valid; the types differ in whether the compiler expects unwinding.
    let reenter = unsafe {
        core::mem::transmute::<Reenter, UnwindingReenter>((*ctx).ctx_ReenterPythonExecution)
    };
    // SAFETY: as promised by the caller.
    or_wait(|| unsafe { reenter(ctx, state) });
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

/// Never returns: the process ends meanwhile.
#[cold]
#[inline(always)]
pub fn wait_forever() -> ! {
    #[cfg(unix)]
    unsafe extern "C" {
        /// `pause(2)`. The standard library's ways to wait are kilobytes.
        safe fn pause() -> core::ffi::c_int;
    }
    loop {
        #[cfg(unix)]
        pause();
        #[cfg(not(unix))]
        std::thread::park();
    }
}
