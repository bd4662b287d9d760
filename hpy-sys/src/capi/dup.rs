//! New references to objects that CPython may just have counted, as it does for an argument.
//!
//! Where only the low half of an object's first word counts, CPython writes that half. A read of
//! the word right after that waits for the write, so the halves are read here. The word is written,
//! because CPython's `Py_DECREF` of 3.12 and 3.13 reads it.

use super::counts::{LOW_HALF, WIDE};
use super::*;

/// As `increfs_anywhere`, for such objects. For others it takes longer.
///
/// # Safety
/// `o` is an object, and the thread is attached.
#[inline(always)]
pub(crate) unsafe fn dups_in_line(o: *mut PyObject) -> bool {
    if !WIDE || counting() != Counting::Immortal {
        // SAFETY: as promised by the caller.
        return unsafe { increfs_anywhere(o) };
    }
    let halves = o.cast::<u32>();
    // SAFETY: an object's first word, of which the low half counts. Below 2**31 nothing carries
    // over.
    unsafe {
        let count = *halves.add(LOW_HALF);
        if count.cast_signed() >= 0 {
            let rest = u64::from(*halves.add(1 - LOW_HALF)) << 32;
            *o.cast::<u64>() = rest | u64::from(count + 1);
        }
    }
    true
}
