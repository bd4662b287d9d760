//! Whether a thread may call, where functions are resolved at import.

use super::interpreter::is_loaded;
use crate::capi::{PyGILState_Check, on_graalpy, on_pypy, platform, symbol};
use core::ffi::c_void;
use core::sync::atomic::Ordering;

/// Whether this thread is attached to an interpreter. May be called on any thread; where it can't be
/// sure the answer is no.
pub fn attached() -> bool {
    use core::sync::atomic::AtomicPtr;
    if !is_loaded() {
        // What is known of the interpreter may be written just now.
        return false;
    }
    if on_graalpy() {
        // It ends the process if it is asked on a thread that it does not know; its `PyGILState_Check` makes the
        // thread known first, which waits for the GIL.
        return false;
    }
    if on_pypy() {
        // There are no subinterpreters, after which the answer would be wrong.
        // SAFETY: resolved, and may be called at any time.
        return unsafe { PyGILState_Check() != 0 };
    }
    /// The function that answers, and before 3.13 the one to compare with.
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
