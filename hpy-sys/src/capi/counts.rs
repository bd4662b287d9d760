//! Reference counts, in line where their layout is known.
//!
//! | version | the count in the object's first word |
//! |---|---|
//! | to 3.11 | a signed word |
//! | 3.12, 3.13 | the low half counts; immortal if its top bit is set (32-bit: all of 30 bits) |
//! | 3.14 | the low half counts, the rest are flags; immortal as before (32-bit: from 1 << 30 on) |
//!
//! PyPy's own header file counts in the first word too, so references are counted in line there.
//! Without the GIL there are two counts: see `split_counts`.

use super::layout::Header;
use super::*;

pub(super) const WIDE: bool = size_of::<usize>() == 8;
/// Which 32-bit half of the first word counts.
pub(super) const LOW_HALF: usize = cfg!(target_endian = "big") as usize;

/// CPython's `Py_INCREF`.
///
/// # Safety
/// `o` is an object, and the thread is attached.
#[inline(always)]
pub unsafe fn incref(o: *mut PyObject) {
    // SAFETY: as promised by the caller.
    unsafe {
        if !increfs_in_line(o) {
            incref_slow(o);
        }
    }
}

/// Counts a reference where that takes no call. Whether it did.
///
/// The whole word is written even where only its low half counts. A read of the word right after a
/// write of its half waits for the write, and [`decrefs_in_line`] reads the word.
///
/// # Safety
/// As for [`incref`].
#[inline(always)]
pub(crate) unsafe fn increfs_in_line(o: *mut PyObject) -> bool {
    // SAFETY: `o` is an object of a layout that counts like this.
    unsafe {
        let word = &raw mut (*o.cast::<Header>()).count;
        match counting() {
            #[cfg(not(feature = "universal"))]
            Counting::Split => return split_counts::increfs(o),
            Counting::Word => *word += 1,
            Counting::Immortal if WIDE => {
                // It is below 2**31: nothing carries over into the upper half.
                if (*word as i32) >= 0 {
                    *word += 1;
                }
            }
            _ => return false,
        }
    }
    true
}

/// As [`increfs_in_line`], for None and its like, which are immortal where anything is.
///
/// # Safety
/// `o` is a constant, and the thread is attached.
#[inline(always)]
pub(crate) unsafe fn increfs_singleton(o: *mut PyObject) -> bool {
    match counting() {
        // SAFETY: `o` is an object of a layout that counts like this.
        Counting::Word => unsafe { (*o.cast::<Header>()).count += 1 },
        Counting::Immortal | Counting::Split => {}
        Counting::Unknown => return false,
    }
    true
}

/// Whether there is only one reference to the object. `false` is inconclusive: only a known layout
/// is checked.
///
/// # Safety
/// `o` is an object, and the thread is attached.
#[inline(always)]
pub(super) unsafe fn is_unique(o: *mut PyObject) -> bool {
    // SAFETY: `o` is an object of a layout that counts like this.
    unsafe {
        let word = &raw const (*o.cast::<Header>()).count;
        match counting() {
            Counting::Word => *word == 1,
            Counting::Immortal if WIDE => *word.cast::<u32>().add(LOW_HALF) == 1,
            Counting::Immortal => *word == 1,
            // The count is one of two.
            Counting::Split | Counting::Unknown => false,
        }
    }
}

/// CPython's `Py_DECREF`.
///
/// # Safety
/// `o` is an object whose reference the caller passes on, and the thread is attached.
#[inline(always)]
pub unsafe fn decref(o: *mut PyObject) {
    // SAFETY: `o` is an object of a layout that counts like this; one whose count is 0 is
    // deallocated once.
    unsafe {
        let word = &raw mut (*o.cast::<Header>()).count;
        match counting() {
            #[cfg(not(feature = "universal"))]
            Counting::Split if split_counts::decrefs(o) => {}
            Counting::Word => {
                *word -= 1;
                if *word == 0 {
                    _Py_Dealloc(o);
                }
            }
            Counting::Immortal if WIDE => {
                // As in `increfs_in_line`. A mortal object's half is above 0: nothing is borrowed.
                if (*word as i32) >= 0 {
                    *word -= 1;
                    if *word as i32 == 0 {
                        _Py_Dealloc(o);
                    }
                }
            }
            _ => decref_slow(o),
        }
    }
}

/// Gives a reference back where that takes few instructions: the count is above 1. Whether it did.
///
/// All layouts count in the low half. With more than 1 there nothing is borrowed from the upper
/// half, whether it counts too or has flags. Where the half is negative, the object is immortal, or
/// the upper half counts.
///
/// # Safety
/// As for [`decref`].
#[cfg(feature = "universal")]
#[inline(always)]
pub(crate) unsafe fn decrefs_in_line(o: *mut PyObject) -> bool {
    if !WIDE || !matches!(counting(), Counting::Word | Counting::Immortal) {
        return false;
    }
    // SAFETY: `o` is an object of a layout that counts like this.
    unsafe {
        let word = &raw mut (*o.cast::<Header>()).count;
        let is_shared = (*word as i32) > 1;
        if is_shared {
            *word -= 1;
        }
        is_shared
    }
}

// The functions below are `extern "C"`, which cannot unwind. So their callers need no landing pads.

/// Counts where there is no quick way.
#[inline(never)]
unsafe extern "C" fn incref_slow(o: *mut PyObject) {
    // SAFETY: as promised by the caller of `incref`.
    unsafe {
        let word = &raw mut (*o.cast::<Header>()).count;
        if counting() == Counting::Split && split_counts::increfs(o) {
            return;
        }
        if WIDE || counting() != Counting::Immortal {
            Py_IncRef(o);
        } else if !immortal_narrow(*word) {
            *word += 1;
        }
    }
}

/// Counts where there is no quick way.
#[inline(never)]
unsafe extern "C" fn decref_slow(o: *mut PyObject) {
    // SAFETY: as promised by the caller of `decref`.
    unsafe {
        let word = &raw mut (*o.cast::<Header>()).count;
        if counting() == Counting::Split && split_counts::decrefs(o) {
            return;
        }
        if WIDE || counting() != Counting::Immortal {
            Py_DecRef(o);
        } else if !immortal_narrow(*word) {
            *word -= 1;
            if *word == 0 {
                _Py_Dealloc(o);
            }
        }
    }
}

/// Whether a count means an immortal object, from 3.12 on with 32-bit words.
fn immortal_narrow(count: isize) -> bool {
    if version() >= (3, 14) {
        count >= 1 << 30
    } else {
        count == 0x3fff_ffff
    }
}

/// As [`increfs_in_line`], without the GIL too. Takes more room in a universal binary.
///
/// # Safety
/// As for [`incref`].
#[inline(always)]
pub(crate) unsafe fn increfs_anywhere(o: *mut PyObject) -> bool {
    // SAFETY: as promised by the caller.
    unsafe {
        if counting() == Counting::Split {
            split_counts::increfs(o)
        } else {
            increfs_in_line(o)
        }
    }
}

/// As [`decrefs_in_line`], without the GIL too. Takes more room in a universal binary.
///
/// # Safety
/// As for [`decref`].
#[cfg(feature = "universal")]
#[inline(always)]
pub(crate) unsafe fn decrefs_anywhere(o: *mut PyObject) -> bool {
    // SAFETY: as promised by the caller.
    unsafe {
        if counting() == Counting::Split {
            split_counts::decrefs(o)
        } else {
            decrefs_in_line(o)
        }
    }
}

/// As [`xnew_ref`], by `increfs_anywhere`.
///
/// # Safety
/// As for [`xnew_ref`].
#[inline(always)]
pub unsafe fn xnew_ref_anywhere(o: *mut PyObject) -> *mut PyObject {
    // SAFETY: as promised by the caller.
    unsafe {
        if !o.is_null() && !increfs_anywhere(o) {
            incref_slow(o);
        }
    }
    o
}

/// CPython's `Py_XDECREF`.
///
/// # Safety
/// As for [`decref`], or `o` is null.
#[inline(always)]
pub unsafe fn xdecref(o: *mut PyObject) {
    if !o.is_null() {
        // SAFETY: as promised by the caller.
        unsafe { decref(o) }
    }
}

/// As [`xdecref`], for code that runs rarely: a call instead of inlined code.
///
/// # Safety
/// As for [`xdecref`].
#[inline(never)]
pub unsafe extern "C" fn xdecref_cold(o: *mut PyObject) {
    // SAFETY: as promised by the caller.
    unsafe { xdecref(o) }
}

/// CPython's `Py_NewRef`.
///
/// # Safety
/// As for [`incref`].
#[inline(always)]
pub unsafe fn new_ref(o: *mut PyObject) -> *mut PyObject {
    // SAFETY: as promised by the caller.
    unsafe { incref(o) };
    o
}

/// CPython's `Py_XNewRef`.
///
/// # Safety
/// As for [`incref`], or `o` is null.
#[inline(always)]
pub unsafe fn xnew_ref(o: *mut PyObject) -> *mut PyObject {
    if !o.is_null() {
        // SAFETY: as promised by the caller.
        unsafe { incref(o) };
    }
    o
}
