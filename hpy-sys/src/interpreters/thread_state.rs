//! The state of the running thread, read without a call.
//!
//! CPython's `PyThreadState` has the interpreter and the pending exception, at places that differ
//! from version to version. They are measured once: the words are searched for what the functions
//! say. Where the search does not find exactly one place, the functions are called each time.

use super::interpreter::{FIRST, is_first};
use super::state_of_attached;
use crate::capi;
use core::ffi::c_void;
use core::sync::atomic::{AtomicPtr, AtomicU8, Ordering};

/// How many words of a state are searched. All versions' states have more.
const WORDS: usize = 26;

/// The place of the pending exception, or one of the two below.
static EXCEPTION: AtomicU8 = AtomicU8::new(UNMEASURED);
static INTERPRETER: AtomicU8 = AtomicU8::new(0);
const UNMEASURED: u8 = u8::MAX;
/// There is none, or more than one.
const UNKNOWN: u8 = u8::MAX - 1;

/// Whether this thread is attached to the first interpreter, with no exception pending, as far as
/// that is seen without a call. `false` is inconclusive. May be called on any thread.
#[inline]
pub fn is_first_at_rest() -> bool {
    let exception = EXCEPTION.load(Ordering::Acquire);
    if exception >= UNKNOWN {
        return false;
    }
    let state = state_of_attached();
    if state.is_null() {
        return false;
    }
    let interpreter = INTERPRETER.load(Ordering::Relaxed);
    // SAFETY: it is this thread's own state, which lives while the thread is attached, and both
    // words are within it.
    unsafe {
        word(state, interpreter.into()) == FIRST.state.load(Ordering::Relaxed)
            && word(state, exception.into()).is_null()
    }
}

/// A word of the state. Other threads change some of them.
///
/// # Safety
/// The state lives, and has the word.
#[inline(always)]
unsafe fn word(state: *mut c_void, at: usize) -> *mut c_void {
    // SAFETY: as promised by the caller; a word of a struct of CPython's is aligned.
    unsafe { AtomicPtr::from_ptr(state.cast::<*mut c_void>().add(at)).load(Ordering::Relaxed) }
}

/// Measures the places, unless that was done. Does nothing while an exception is pending.
///
/// # Safety
/// The thread is attached.
#[inline]
pub unsafe fn measure_thread_state() {
    if EXCEPTION.load(Ordering::Relaxed) == UNMEASURED {
        // SAFETY: as promised by the caller.
        unsafe { measure() }
    }
}

#[cold]
#[inline(never)]
unsafe fn measure() {
    let state = match capi::on_pypy() || capi::on_graalpy() {
        true => core::ptr::null_mut(),
        false => state_of_attached(),
    };
    // SAFETY: the thread is attached. An exception is set and cleared, where none is pending. The
    // state has more words than are read.
    unsafe {
        if !is_first() || !capi::PyErr_Occurred().is_null() {
            return;
        }
        if state.is_null() {
            EXCEPTION.store(UNKNOWN, Ordering::Release);
            return;
        }
        let words = || core::array::from_fn::<_, WORDS, _>(|at| word(state, at));
        let before = words();
        capi::PyErr_SetString(capi::PyExc_ValueError(), c"".as_ptr());
        let pending = words();
        capi::PyErr_Clear();
        let after = words();
        let first = FIRST.state.load(Ordering::Acquire);
        // Before 3.12 type, value and traceback are pending. The type comes first.
        let exception = (0..WORDS)
            .find(|at| before[*at].is_null() && !pending[*at].is_null() && after[*at].is_null());
        let interpreter = only((0..WORDS).filter(|at| !first.is_null() && before[*at] == first));
        let (Some(exception), Some(interpreter)) = (exception, interpreter) else {
            EXCEPTION.store(UNKNOWN, Ordering::Release);
            return;
        };
        INTERPRETER.store(interpreter as u8, Ordering::Relaxed);
        EXCEPTION.store(exception as u8, Ordering::Release);
    }
}

fn only(mut found: impl Iterator<Item = usize>) -> Option<usize> {
    found.next().filter(|_| found.next().is_none())
}
