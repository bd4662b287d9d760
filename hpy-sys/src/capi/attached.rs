//! Whether the current thread may use the interpreter.

use core::ffi::c_void;

#[cfg(hpy_since_3_13)]
unsafe extern "C" {
    fn PyThreadState_GetUnchecked() -> *mut c_void;
}

#[cfg(not(hpy_since_3_13))]
unsafe extern "C" {
    fn _PyThreadState_UncheckedGet() -> *mut c_void;
    fn PyGILState_GetThisThreadState() -> *mut c_void;
}

/// Whether this thread is attached to an interpreter. May be called on any thread; where it can't be
/// sure (before 3.13, in a subinterpreter) the answer is no.
///
/// `PyGILState_Check` would not do: it says yes everywhere once there has been a subinterpreter.
pub fn attached() -> bool {
    #[cfg(hpy_since_3_13)]
    // SAFETY: may be called at any time; the state is the thread's own.
    unsafe {
        !PyThreadState_GetUnchecked().is_null()
    }
    #[cfg(not(hpy_since_3_13))]
    // SAFETY: may be called at any time. Before 3.12 the current state is that of whichever thread has
    // the GIL: it has to be this thread's.
    unsafe {
        let current = _PyThreadState_UncheckedGet();
        !current.is_null() && current == PyGILState_GetThisThreadState()
    }
}

/// Whether this is a build for the free-threaded interpreter.
#[inline(always)]
pub const fn free_threaded() -> bool {
    cfg!(hpy_free_threaded)
}
