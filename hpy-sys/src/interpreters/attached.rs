//! Whether a thread is attached, where the C API is resolved at import.

use super::interpreter::is_loaded;
use crate::capi::{PyGILState_Check, on_graalpy, on_pypy, platform, symbol};
use core::ffi::c_void;
use core::sync::atomic::{AtomicPtr, Ordering};

/// Whether this thread is attached to an interpreter. May be called on any thread. Returns false if
/// it cannot tell.
pub fn attached() -> bool {
    if !is_loaded() {
        // Another thread may be writing what is known of the interpreter.
        return false;
    }
    if on_graalpy() {
        // GraalPy aborts if it is asked on an unknown thread. Its `PyGILState_Check` registers the
        // thread first, which waits for the GIL.
        return false;
    }
    if on_pypy() {
        // PyPy has no subinterpreters, which would make the answer wrong.
        // SAFETY: resolved, and may be called at any time.
        return unsafe { PyGILState_Check() != 0 };
    }
    is_current_thread_attached()
}

/// Whether this thread is attached, where the interpreter is known to be CPython. May be called on
/// any thread.
pub(crate) fn is_current_thread_attached() -> bool {
    /// The function that returns the current thread state, and before 3.13 the one to compare with.
    static CURRENT: AtomicPtr<c_void> = AtomicPtr::new(core::ptr::null_mut());
    static OF_THREAD: AtomicPtr<c_void> = AtomicPtr::new(core::ptr::null_mut());
    let mut current = CURRENT.load(Ordering::Acquire);
    if current.is_null() {
        let newest = platform::symbol(c"PyThreadState_GetUnchecked");
        if newest.is_null() {
            OF_THREAD.store(symbol(c"PyGILState_GetThisThreadState"), Ordering::Release);
            current = platform::symbol(c"_PyThreadState_UncheckedGet");
        } else {
            current = newest;
        }
        if current.is_null() {
            return false;
        }
        CURRENT.store(current, Ordering::Release);
    }
    type State = unsafe extern "C" fn() -> *mut c_void;
    // SAFETY: both functions have this type and may be called at any time.
    unsafe {
        let state = core::mem::transmute::<*mut c_void, State>(current)();
        let of_thread = OF_THREAD.load(Ordering::Acquire);
        !state.is_null()
            && (of_thread.is_null()
                || core::mem::transmute::<*mut c_void, State>(of_thread)() == state)
    }
}
