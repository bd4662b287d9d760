//! The count of its thread's calls beside each page of a stack, where a lock of the host's is held
//! during calls: PyPy's own HPy.
//!
//! A call looks at its page in any case. A variable of the thread would take 2 ns, where all the
//! rest of a call takes 15.

use super::{here, is_ready};
use core::cell::Cell;
use core::ptr;
use core::sync::atomic::{AtomicPtr, Ordering};
use hpy_sys::stack_pages::{self, PAGE_BITS, PLACES, place_of};

/// In the place of each page that is known, its thread's count, or null. Written under the host's
/// lock.
static COUNTS: [AtomicPtr<Cell<usize>>; PLACES] =
    [const { AtomicPtr::new(ptr::null_mut()) }; PLACES];

/// The count that was kept for the caller's page. None if there is none, or if the page is not
/// known to be usable.
#[inline(always)]
pub(crate) fn count_of_calls() -> Option<&'static Cell<usize>> {
    let page = here() >> PAGE_BITS;
    if !stack_pages::is_ready(page) {
        return None;
    }
    // SAFETY: the caller runs on the page. So the page belongs to the running thread, which has
    // marked it and kept a variable of its own, unless null. No other thread writes the place under
    // the host's lock.
    unsafe { COUNTS[place_of(page)].load(Ordering::Relaxed).as_ref() }
}

/// Keeps the running thread's count for the caller's page, if that is known.
///
/// # Safety
/// The count is a variable of the running thread, which lives until after the destructors of its
/// keys. The host's lock is held, and it is whenever a page is marked or a count is asked for.
#[cold]
pub(crate) unsafe fn keep_count(count: &Cell<usize>) {
    if is_ready() {
        let place = &COUNTS[place_of(here() >> PAGE_BITS)];
        place.store(ptr::from_ref(count).cast_mut(), Ordering::Relaxed);
    }
}

/// No count is kept for the page from now on.
pub(super) fn forget_count(page: usize) {
    COUNTS[place_of(page)].store(ptr::null_mut(), Ordering::Relaxed);
}

/// No count is kept from now on. To be called under the host's lock.
#[cold]
pub(crate) fn forget_counts() {
    for place in &COUNTS {
        place.store(ptr::null_mut(), Ordering::Relaxed);
    }
}
