//! The pages of stacks on which a call from Python may begin without any further check.
//!
//! A call looks its page up here, and begins if the page is ready. So one comparison answers two
//! questions: whether the page is within the usable part of a living thread's stack, and whether
//! references wait to be released. While any wait, no page is ready.

use crate::interpreters::releases_wait;
use core::sync::atomic::{AtomicBool, AtomicUsize, Ordering, fence};

/// An address without so many of its last bits is its page.
pub const PAGE_BITS: u32 = 12;

/// The number of places, a power of two: those for the pages of 16 MB.
pub const PLACES: usize = 1 << PLACE_BITS;
const PLACE_BITS: u32 = 12;

/// In the place of a page that is usable, and not ready. No number of a page has this bit.
const NOT_READY: usize = 1 << (usize::BITS - 1);

/// Each page that is known, in its [place](place_of), or zero.
static KNOWN: [AtomicUsize; PLACES] = [const { AtomicUsize::new(0) }; PLACES];

const BITS: usize = usize::BITS as usize;

/// A bit for each place that was ever used, so that not all places are written to clear them.
static USED: [AtomicUsize; PLACES / BITS] = [const { AtomicUsize::new(0) }; PLACES / BITS];

/// Whether each call has to be checked: the interpreter has a check of its own for the stack.
static NEVER_READY: AtomicBool = AtomicBool::new(false);

/// The number of a page's place in a table.
///
/// Threads' stacks follow each other in steps of about 8 MB. By the last bits of their pages, every
/// other thread would have the places of one that is 8 KB deeper, and the two would take them from
/// each other at each call. Multiples of the golden ratio lie far apart.
#[inline(always)]
pub fn place_of(page: usize) -> usize {
    const RATIO: u32 = 0x9e37_79b1;
    ((page as u32).wrapping_mul(RATIO) >> (u32::BITS - PLACE_BITS)) as usize
}

#[inline(always)]
fn place(page: usize) -> &'static AtomicUsize {
    &KNOWN[place_of(page)]
}

/// Whether a call on the page may begin at once.
#[inline(always)]
pub fn is_ready(page: usize) -> bool {
    place(page).load(Ordering::Relaxed) == page
}

/// Whether the page is known to be usable.
#[inline]
pub fn is_usable(page: usize) -> bool {
    place(page).load(Ordering::Relaxed) & !NOT_READY == page
}

/// Remembers that the page is usable. It is ready from now on if no call has to be checked for
/// another reason.
pub fn remember(page: usize) {
    let number = place_of(page);
    // Before the place is used, as seen by those who clear it. The bit stays.
    USED[number / BITS].fetch_or(1 << (number % BITS), Ordering::Relaxed);
    if !is_checked() {
        place(page).store(page, Ordering::Relaxed);
        // A thread that has a reason gives it, and then clears all places. Either that clears this
        // place after the store above, or the reason is seen here.
        fence(Ordering::SeqCst);
    }
    if is_checked() {
        place(page).store(page | NOT_READY, Ordering::Relaxed);
    }
}

/// The same for a page that is known to be usable.
#[inline]
pub fn remember_again(page: usize) {
    if !is_checked() {
        remember(page);
    }
}

fn is_checked() -> bool {
    releases_wait() || (cfg!(feature = "universal") && NEVER_READY.load(Ordering::Relaxed))
}

/// Forgets these pages.
pub fn forget(first: usize, last: usize) {
    let forget = |place: &AtomicUsize| {
        if (first..=last).contains(&(place.load(Ordering::Relaxed) & !NOT_READY)) {
            place.store(0, Ordering::Relaxed);
        }
    };
    KNOWN.iter().for_each(forget);
}

/// Forgets all pages. The next call on each is checked.
#[cold]
pub fn forget_all() {
    fence(Ordering::SeqCst);
    for (used, places) in USED.iter().zip(KNOWN.chunks_exact(BITS)) {
        let mut used = used.load(Ordering::Relaxed);
        while used != 0 {
            places[used.trailing_zeros() as usize].store(0, Ordering::Relaxed);
            used &= used - 1;
        }
    }
}

/// Has all calls checked from now on.
#[cfg(feature = "universal")]
#[cold]
pub(crate) fn never_ready() {
    NEVER_READY.store(true, Ordering::Relaxed);
    forget_all();
}

/// All pages that are known.
#[doc(hidden)]
pub fn known() -> impl Iterator<Item = usize> {
    let pages = KNOWN.iter().map(|place| place.load(Ordering::Relaxed));
    pages
        .filter(|page| *page != 0)
        .map(|page| page & !NOT_READY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_known_until_they_are_forgotten() {
        // No stack lies there.
        let (page, beside) = (7, 8);
        let others = (page + 1..).find(|other| place_of(*other) == place_of(page));
        let same_place = others.unwrap_or(beside);
        assert!(same_place > beside);
        remember(page);
        assert!(is_ready(page) && is_usable(page));
        assert!(!is_ready(same_place) && !is_usable(same_place) && !is_usable(beside));
        remember(same_place);
        assert!(is_ready(same_place) && !is_usable(page));
        forget(page, beside);
        assert!(is_ready(same_place), "another page in the place");
        forget(0, same_place);
        assert!(!is_usable(same_place));

        // One that is not ready may be usable.
        let page = 11;
        place(page).store(page | NOT_READY, Ordering::Relaxed);
        assert!(is_usable(page) && !is_ready(page));
        assert!(known().any(|known| known == page));
        remember(page);
        assert!(is_ready(page));

        // So that other places are cleared too.
        let pages = [page, same_place, 1 << 30, 12_345_678];
        pages.iter().for_each(|page| remember(*page));
        assert_eq!(known().count(), pages.len());
        forget_all();
        assert_eq!(known().count(), 0);
    }

    #[test]
    fn pages_of_a_stack_and_those_of_threads_at_similar_depths_have_places_of_their_own() {
        let first = 0x7f6a_1b7f_f000_u64 as usize >> PAGE_BITS;
        let mut places: Vec<usize> = (first..first + 2048).map(place_of).collect();
        places.sort_unstable();
        places.dedup();
        assert_eq!(places.len(), 2048);
        // What glibc takes for a stack of 8 MB and its guard, with more or less for the thread.
        for pages in [2049, 2053] {
            for threads in 1..=8 {
                for deeper in 0..=64 {
                    let other = first + pages * threads;
                    assert_ne!(place_of(first), place_of(other - deeper));
                    assert_ne!(place_of(first), place_of(other + deeper));
                }
            }
        }
    }
}
