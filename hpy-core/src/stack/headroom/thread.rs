//! A thread's own `Stack`, by a key of C's: destructors of a `thread_local!` bring 2 KB of the
//! standard library along.

use super::Stack;
use core::ffi::{c_int, c_void};
use core::ptr::NonNull;
use core::sync::atomic::{AtomicUsize, Ordering};

#[cfg(target_vendor = "apple")]
type Key = core::ffi::c_ulong;
#[cfg(not(target_vendor = "apple"))]
type Key = core::ffi::c_uint;

unsafe extern "C" {
    fn pthread_key_create(key: *mut Key, destructor: unsafe extern "C" fn(*mut c_void)) -> c_int;
    fn pthread_key_delete(key: Key) -> c_int;
    fn pthread_getspecific(key: Key) -> *mut c_void;
    fn pthread_setspecific(key: Key, value: *const c_void) -> c_int;
}

/// The key's number and one; 0 before there is one, and `GONE` after it.
static KEY: AtomicUsize = AtomicUsize::new(0);

const GONE: usize = usize::MAX;

/// Run when the library is unloaded, as GraalPy does before its threads end: C would call a
/// destructor that is not there any more. WebAssembly unloads none.
#[cfg_attr(not(target_family = "wasm"), used)]
#[cfg_attr(
    target_vendor = "apple",
    unsafe(link_section = "__DATA,__mod_term_func")
)]
#[cfg_attr(
    not(any(target_vendor = "apple", target_family = "wasm")),
    unsafe(link_section = ".fini_array")
)]
#[cfg_attr(target_family = "wasm", allow(dead_code))]
static AT_UNLOADING: extern "C" fn() = forget_key;

extern "C" fn forget_key() {
    let known = KEY.swap(GONE, Ordering::AcqRel);
    if known != 0 && known != GONE {
        // SAFETY: the library's key, which nobody finds any more.
        unsafe { pthread_key_delete((known - 1) as Key) };
        // Threads that end later do not forget theirs, and mark no others.
        hpy_sys::stack_pages::forget_all();
    }
}

/// The value of a thread that is ending: the address of this.
static ENDING: u8 = 0;

fn ending() -> *mut c_void {
    (&raw const ENDING).cast_mut().cast()
}

/// Calls `body` with it. None in a thread that is ending, or where C has no key left.
#[inline]
pub(crate) fn with_stack<R>(body: impl FnOnce(&Stack) -> R) -> Option<R> {
    // SAFETY: the thread's own, and nothing ends a thread within `body`.
    stack().map(|stack| body(unsafe { stack.as_ref() }))
}

#[inline(never)]
fn stack() -> Option<NonNull<Stack>> {
    let key = key()?;
    // SAFETY: the key is one. What is stored is a box, which the destructor gets, or the word for
    // ending.
    unsafe {
        let known = pthread_getspecific(key);
        if !known.is_null() {
            return (known != ending()).then(|| NonNull::new_unchecked(known.cast()));
        }
        let new = Box::into_raw(Box::new(Stack::new()));
        if pthread_setspecific(key, new.cast()) != 0 {
            drop(Box::from_raw(new));
            return None;
        }
        NonNull::new(new)
    }
}

/// The library's key, made by the first thread that asks.
fn key() -> Option<Key> {
    let known = KEY.load(Ordering::Acquire);
    if known == GONE {
        return None;
    }
    if known != 0 {
        return Some((known - 1) as Key);
    }
    let mut key = 0;
    // SAFETY: the destructor is there as long as the key is. A key is deleted that nobody else has
    // seen.
    unsafe {
        if pthread_key_create(&mut key, end) != 0 {
            return None;
        }
        let new = key as usize + 1;
        match KEY.compare_exchange(0, new, Ordering::AcqRel, Ordering::Acquire) {
            Ok(_) => Some(key),
            Err(first) => {
                pthread_key_delete(key);
                (first != GONE).then(|| (first - 1) as Key)
            }
        }
    }
}

/// The thread's end. Destructors of other keys may come later, and call Python.
unsafe extern "C" fn end(value: *mut c_void) {
    if value != ending() {
        // SAFETY: the box, which is not found any more.
        drop(unsafe { Box::from_raw(value.cast::<Stack>()) });
    }
    let key = KEY.load(Ordering::Acquire);
    if key != GONE {
        // SAFETY: the key, as this is its destructor. C asks again a few times.
        unsafe { pthread_setspecific((key - 1) as Key, ending()) };
    }
}
