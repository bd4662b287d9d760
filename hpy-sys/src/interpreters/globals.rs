//! Globals: statics that hold one object per interpreter.
//!
//! While only the first interpreter has used a global, its word is the object's address. Once
//! another interpreter stores to it, the word becomes the odd number `2 * index + 1`. Each
//! interpreter then has its own object under that index.

use super::interpreter::{FIRST, FIRST_NUMBER, Interpreter, current, several};
use crate::capi::{self, PyObject};
use crate::handles::HPyGlobal;
use core::sync::atomic::{AtomicIsize, AtomicUsize, Ordering, fence};

/// A new reference to what the global holds in this interpreter, or null.
///
/// # Safety
/// The thread is attached. The word is a global's, and no other thread stores to it in this
/// interpreter meanwhile.
#[inline(always)]
pub(crate) unsafe fn load_global(global: HPyGlobal) -> *mut PyObject {
    // SAFETY: as promised by the caller. With one interpreter the word is an object or null.
    unsafe {
        if several() || global._i & 1 != 0 {
            return load_of_several(global._i);
        }
        capi::xnew_ref(global._i as *mut PyObject)
    }
}

/// What a global holds, without a new reference; null where it is empty or more has to be asked.
///
/// # Safety
/// The thread is attached. The word is a global's.
#[inline(always)]
pub unsafe fn borrow_global(global: HPyGlobal) -> *mut PyObject {
    if several() || global._i & 1 != 0 {
        return core::ptr::null_mut();
    }
    global._i as *mut PyObject
}

#[cold]
#[inline(never)]
unsafe fn load_of_several(word: isize) -> *mut PyObject {
    // The flag was set before the word became odd.
    fence(Ordering::Acquire);
    // SAFETY: as promised by the caller: the object belongs to the current interpreter.
    unsafe {
        if !several() {
            // An interpreter whose objects have odd addresses.
            return capi::xnew_ref(word as *mut PyObject);
        }
        let Some(this) = current() else {
            return core::ptr::null_mut();
        };
        match index(word) {
            // Under the lock, because another thread may store meanwhile without the GIL.
            Some(index) => capi::xnew_ref(this.references().global(index)),
            None if this.is_first() => capi::xnew_ref(word as *mut PyObject),
            None => core::ptr::null_mut(),
        }
    }
}

/// Replaces what the global holds in this interpreter by an object or null.
///
/// # Safety
/// The thread is attached, the object alive, the global valid. No other thread loads or stores it
/// in this interpreter meanwhile. Other interpreters may.
#[inline(always)]
pub(crate) unsafe fn store_global(global: *mut HPyGlobal, object: *mut PyObject) {
    // SAFETY: as promised by the caller; all access to a global's word that may be shared is
    // atomic.
    unsafe {
        let word = AtomicIsize::from_ptr(&raw mut (*global)._i);
        let new = capi::xnew_ref(object);
        // The old reference is released last, because that may run any code.
        let before = loop {
            let before = word.load(Ordering::Acquire);
            if several() {
                break store_of_several(word, new);
            }
            if replace(word, before, new as isize) {
                break before as *mut PyObject;
            }
        };
        capi::xdecref(before);
    }
}

/// As `store_global`, but returns the old reference to the caller.
///
/// # Safety
/// The thread is attached.
#[cold]
#[inline(never)]
unsafe fn store_of_several(word: &AtomicIsize, object: *mut PyObject) -> *mut PyObject {
    /// The number of indices in use.
    static INDICES: AtomicUsize = AtomicUsize::new(0);
    // SAFETY: as promised by the caller.
    let Some(this) = (unsafe { current() }) else {
        // An interpreter at its very end keeps nothing.
        return object;
    };
    let mut given = None;
    loop {
        let before = word.load(Ordering::Acquire);
        if let Some(index) = index(before) {
            return this.references().set_global(index, object);
        }
        if this.is_first() {
            if replace(word, before, object as isize) {
                return before as *mut PyObject;
            }
            continue;
        }
        // If another interpreter stores meanwhile, try again.
        let index = *given.get_or_insert_with(|| INDICES.fetch_add(1, Ordering::Relaxed));
        share(word, before, index, &FIRST);
    }
}

/// Stores the index in the word, and moves the first interpreter's object from the word to that
/// index. Does nothing if the word is no longer `before`, because the object has another owner
/// then.
fn share(word: &AtomicIsize, before: isize, index: usize, first: &'static Interpreter) {
    // The end of the first interpreter waits for this lock, so it finds the object in exactly one
    // place.
    let mut references = first.references();
    let lives = first.number.load(Ordering::Relaxed) == FIRST_NUMBER;
    if lives {
        references.set_global(index, before as *mut PyObject);
    }
    if !replace(word, before, (index as isize) << 1 | 1) && lives {
        references.set_global(index, core::ptr::null_mut());
    }
}

fn index(word: isize) -> Option<usize> {
    (word & 1 != 0).then_some(word as usize >> 1)
}

fn replace(word: &AtomicIsize, before: isize, after: isize) -> bool {
    word.compare_exchange(before, after, Ordering::AcqRel, Ordering::Acquire)
        .is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interpreters::interpreter::NO_INTERPRETER;

    #[test]
    fn an_object_is_the_first_interpreters_under_one_index_only() {
        let first: &Interpreter = Box::leak(Box::new(Interpreter::new(FIRST_NUMBER)));
        let object = core::ptr::without_provenance_mut::<PyObject>(64);
        let word = AtomicIsize::new(64);
        // Two interpreters have found the object in the word, and each has an index.
        share(&word, 64, 0, first);
        share(&word, 64, 1, first);
        assert_eq!(index(word.load(Ordering::Relaxed)), Some(0));
        assert_eq!(first.references().global(0), object);
        assert!(first.references().global(1).is_null());
        // What an interpreter leaves at its end has no owner.
        let word = AtomicIsize::new(64);
        first.number.store(NO_INTERPRETER, Ordering::Relaxed);
        share(&word, 64, 2, first);
        assert_eq!(index(word.load(Ordering::Relaxed)), Some(2));
        assert!(first.references().global(2).is_null());
    }
}
