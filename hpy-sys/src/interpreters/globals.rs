//! Globals: statics that hold an object of each interpreter.
//!
//! The word of a global that only the first interpreter has used is the object's address. Once another one stores to it, it is an
//! odd number, twice the index under which each has its own object, and one.

use super::interpreter::{FIRST, FIRST_NUMBER, Interpreter, current, several};
use crate::capi::{self, PyObject};
use crate::handles::HPyGlobal;
use core::sync::atomic::{AtomicIsize, AtomicUsize, Ordering, fence};

/// A new reference to what the global holds in this interpreter, or null.
///
/// # Safety
/// The thread is attached; the word is a global's, and nobody stores to it in this interpreter meanwhile.
#[inline(always)]
pub(crate) unsafe fn load_global(global: HPyGlobal) -> *mut PyObject {
    // SAFETY: as promised by the caller. Where there is one interpreter, the word is an object or null.
    unsafe {
        if several() || global._i & 1 != 0 {
            return load_of_several(global._i);
        }
        capi::xnew_ref(global._i as *mut PyObject)
    }
}

#[cold]
#[inline(never)]
unsafe fn load_of_several(word: isize) -> *mut PyObject {
    // Whoever made the word odd had set the flag before.
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
            // Under the lock, since without the GIL another thread may store meanwhile.
            Some(index) => capi::xnew_ref(this.references().global(index)),
            None if this.is_first() => capi::xnew_ref(word as *mut PyObject),
            None => core::ptr::null_mut(),
        }
    }
}

/// Puts an object, or null, in place of what the global holds in this interpreter.
///
/// # Safety
/// The thread is attached, the object alive, the global valid. Nobody else loads or stores in this interpreter meanwhile; others may.
#[inline(always)]
pub(crate) unsafe fn store_global(global: *mut HPyGlobal, object: *mut PyObject) {
    // SAFETY: as promised by the caller; all access to a global's word that may be shared is atomic.
    unsafe {
        let word = AtomicIsize::from_ptr(&raw mut (*global)._i);
        let new = capi::xnew_ref(object);
        // What was there is given up last, since that may run any code.
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

/// As `store_global`; the reference before is given to the caller.
///
/// # Safety
/// The thread is attached.
#[cold]
#[inline(never)]
unsafe fn store_of_several(word: &AtomicIsize, object: *mut PyObject) -> *mut PyObject {
    /// How many indices were given.
    static INDICES: AtomicUsize = AtomicUsize::new(0);
    // SAFETY: as promised by the caller.
    let Some(this) = (unsafe { current() }) else {
        // At the very end nothing is kept.
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
        // Another interpreter may store meanwhile, then all starts again.
        let index = *given.get_or_insert_with(|| INDICES.fetch_add(1, Ordering::Relaxed));
        share(word, before, index, &FIRST);
    }
}

/// Puts the index into the word, and gives the first interpreter, under the same index, what it has had in the word itself. Does
/// neither if the word is not `before` any more: then the object is somebody else's.
fn share(word: &AtomicIsize, before: isize, index: usize, first: &'static Interpreter) {
    // The first interpreter's end waits for this, and finds the object in one place.
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
        // What an interpreter leaves at its end is nobody's.
        let word = AtomicIsize::new(64);
        first.number.store(NO_INTERPRETER, Ordering::Relaxed);
        share(&word, 64, 2, first);
        assert_eq!(index(word.load(Ordering::Relaxed)), Some(2));
        assert!(first.references().global(2).is_null());
    }
}
