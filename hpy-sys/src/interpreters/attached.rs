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
    !state_of_attached().is_null()
}

type State = unsafe extern "C" fn() -> *mut c_void;

/// The function that returns the current thread state.
static CURRENT: AtomicPtr<c_void> = AtomicPtr::new(core::ptr::null_mut());
/// Before 3.12 that is the state of the thread that has the GIL. This one returns the thread's own.
static OF_THREAD: AtomicPtr<c_void> = AtomicPtr::new(core::ptr::null_mut());

/// The state of this thread, if it is attached, where the interpreter is known to be CPython;
/// otherwise null. May be called on any thread.
#[inline]
pub(crate) fn state_of_attached() -> *mut c_void {
    if CURRENT.load(Ordering::Acquire).is_null() && !find() {
        return core::ptr::null_mut();
    }
    // SAFETY: the functions are found.
    unsafe { state_of_attached_again() }
}

/// The same, where the functions are known to be found.
///
/// # Safety
/// [`state_of_attached`] has returned a state once, as far as this thread sees.
#[inline(always)]
pub(crate) unsafe fn state_of_attached_again() -> *mut c_void {
    let current = CURRENT.load(Ordering::Relaxed);
    let of_thread = OF_THREAD.load(Ordering::Relaxed);
    // SAFETY: both functions have this type and may be called at any time. The first one is found.
    unsafe {
        let state = core::mem::transmute::<*mut c_void, State>(current)();
        let is_own = state.is_null()
            || of_thread.is_null()
            || core::mem::transmute::<*mut c_void, State>(of_thread)() == state;
        if is_own { state } else { core::ptr::null_mut() }
    }
}

#[cold]
#[inline(never)]
fn find() -> bool {
    let mut current = platform::symbol(c"PyThreadState_GetUnchecked");
    if current.is_null() {
        current = platform::symbol(c"_PyThreadState_UncheckedGet");
        // It came with 3.12.
        if platform::symbol(c"PyType_FromMetaclass").is_null() {
            let of_thread = symbol(c"PyGILState_GetThisThreadState");
            if of_thread.is_null() {
                return false;
            }
            OF_THREAD.store(of_thread, Ordering::Relaxed);
        }
    }
    CURRENT.store(current, Ordering::Release);
    !current.is_null()
}
