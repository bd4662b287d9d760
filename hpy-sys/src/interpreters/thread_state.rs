//! The state of the running thread, read without a call.
//!
//! CPython's `PyThreadState` has the interpreter and the pending exception, at places that differ
//! from version to version. They are measured once: the words are searched for what the functions
//! say. Where the search does not find exactly one place, the functions are called each time.

use super::interpreter::{FIRST, is_first};
use super::{state_of_attached, state_of_attached_again};
use crate::capi;
use core::ffi::c_void;
use core::sync::atomic::{AtomicI32, AtomicPtr, Ordering};

/// How many words of a state are searched. All versions' states have more.
const WORDS: usize = 26;

/// The places of the pending exception and of the interpreter, in bytes: the lower and the upper 16
/// bits. Or one of the two below. One number, so that one comparison tells whether both are known.
static PLACES: AtomicI32 = AtomicI32::new(UNMEASURED);
const UNMEASURED: i32 = 0;
/// There is none, or more than one, or somebody must be asked first.
const UNKNOWN: i32 = -1;

/// Whether this thread is attached to the first interpreter, with no exception pending, as far as
/// that is seen without a call. `false` is inconclusive. May be called on any thread.
#[inline(always)]
pub fn is_first_at_rest() -> bool {
    let places = PLACES.load(Ordering::Acquire);
    if places <= UNMEASURED {
        return false;
    }
    // SAFETY: a state was measured.
    let state = unsafe { state_of_attached_again() };
    if state.is_null() {
        return false;
    }
    let (exception, interpreter) = (places as usize & 0xffff, places as usize >> 16);
    // SAFETY: it is this thread's own state, which lives while the thread is attached, and both
    // words are within it.
    unsafe {
        word(state, interpreter) == FIRST.state.load(Ordering::Relaxed)
            && word(state, exception).is_null()
    }
}

/// Makes [`is_first_at_rest`] false from now on: a host's runtime has loaded the file too, and may
/// have called.
#[cfg(feature = "universal")]
pub(crate) fn ask_hosts_first() {
    PLACES.store(UNKNOWN, Ordering::Release);
}

/// A word of the state, so many bytes in. Other threads change some of them.
///
/// # Safety
/// The state lives, and has the word.
#[inline(always)]
unsafe fn word(state: *mut c_void, at: usize) -> *mut c_void {
    // SAFETY: as promised by the caller; a word of a struct of CPython's is aligned.
    unsafe { AtomicPtr::from_ptr(state.byte_add(at).cast()).load(Ordering::Relaxed) }
}

/// Measures the places, unless that was done. Does nothing while an exception is pending.
///
/// # Safety
/// The thread is attached.
#[inline]
pub unsafe fn measure_thread_state() {
    if PLACES.load(Ordering::Relaxed) == UNMEASURED {
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
            return found(UNKNOWN);
        }
        let words = || core::array::from_fn::<_, WORDS, _>(|at| word(state, at * WORD));
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
            return found(UNKNOWN);
        };
        // They are not both the first word.
        let places = (exception * WORD) | ((interpreter * WORD) << 16);
        found(places as i32);
    }
}

const WORD: usize = size_of::<*mut c_void>();

/// Keeps what was measured, unless hosts are to be asked by now.
fn found(places: i32) {
    let (order, failed) = (Ordering::Release, Ordering::Relaxed);
    let _ = PLACES.compare_exchange(UNMEASURED, places, order, failed);
}

fn only(mut found: impl Iterator<Item = usize>) -> Option<usize> {
    found.next().filter(|_| found.next().is_none())
}
