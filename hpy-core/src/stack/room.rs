//! Whether there is room left on the thread's stack, asked in a nanosecond.

use core::cell::Cell;
use core::sync::atomic::{AtomicUsize, Ordering};

/// An address without so many of its last bits is its page.
const PAGE_BITS: u32 = 12;

/// A power of two: the pages of 16 MB.
const PAGES: usize = 4096;

/// What is left free of a stack at least, if that is not more than half of it: for Python's own recursion in C, which is not asked here,
/// and for what an exception takes.
const RESERVE: usize = 4 << 20;

/// Pages that were seen to be within what may be used of a thread's stack, each in the place that its number gives it. When their thread
/// has ended, another's stack may lie there otherwise: then the end of that one is not seen coming, as nothing can be without asking.
static USABLE: [AtomicUsize; PAGES] = [const { AtomicUsize::new(0) }; PAGES];

/// Whether the caller may go deeper.
#[inline(always)]
pub(super) fn is_left() -> bool {
    let page = page();
    USABLE[page % PAGES].load(Ordering::Relaxed) == page || is_usable(page)
}

/// Whether the caller's page was seen to be usable.
#[inline(always)]
pub(super) fn is_known() -> bool {
    let page = page();
    USABLE[page % PAGES].load(Ordering::Relaxed) == page
}

/// Has each page looked at anew.
#[cold]
pub(super) fn forget() {
    for page in &USABLE {
        page.store(0, Ordering::Relaxed);
    }
}

#[inline(always)]
fn page() -> usize {
    let here = 0u8;
    (&raw const here).addr() >> PAGE_BITS
}

#[cold]
#[inline(never)]
fn is_usable(page: usize) -> bool {
    let (lowest, end) = stack();
    let (first, last) = (page << PAGE_BITS, (page + 1) << PAGE_BITS);
    // Somewhere else is a stack of somebody's own making, of which nothing is known.
    if last <= lowest || first >= end {
        return true;
    }
    let usable = first >= lowest + RESERVE.min((end - lowest) / 2);
    if usable {
        USABLE[page % PAGES].store(page, Ordering::Relaxed);
    }
    usable
}

/// Where the thread's stack begins and ends; nowhere, if that cannot be known.
fn stack() -> (usize, usize) {
    thread_local! {
        static STACK: Cell<Option<(usize, usize)>> = const { Cell::new(None) };
    }
    let asked = STACK.try_with(|stack| {
        let known = stack.get().unwrap_or_else(bounds);
        stack.set(Some(known));
        known
    });
    asked.unwrap_or((0, 0))
}

#[cfg(target_os = "linux")]
fn bounds() -> (usize, usize) {
    use core::ffi::{c_int, c_void};
    use core::mem::MaybeUninit;

    /// `pthread_attr_t`, which has 64 bytes at most.
    #[repr(C, align(16))]
    struct Attributes([u8; 256]);

    unsafe extern "C" {
        fn pthread_self() -> usize;
        fn pthread_getattr_np(thread: usize, attributes: *mut Attributes) -> c_int;
        fn pthread_attr_getstack(
            attributes: *const Attributes,
            start: *mut *mut c_void,
            size: *mut usize,
        ) -> c_int;
        fn pthread_attr_destroy(attributes: *mut Attributes) -> c_int;
    }

    let mut attributes = MaybeUninit::<Attributes>::uninit();
    let (mut start, mut size) = (core::ptr::null_mut(), 0);
    // SAFETY: the thread is the running one; there is room for what is filled in, which is read and destroyed only then.
    unsafe {
        if pthread_getattr_np(pthread_self(), attributes.as_mut_ptr()) != 0 {
            return (0, 0);
        }
        let found = pthread_attr_getstack(attributes.as_ptr(), &mut start, &mut size) == 0;
        pthread_attr_destroy(attributes.as_mut_ptr());
        match (found, start.addr().checked_add(size)) {
            (true, Some(end)) => (start.addr(), end),
            _ => (0, 0),
        }
    }
}

/// Other systems are not asked yet. Where frames are largest, 8 MB below the outermost call are taken for the stack.
#[cfg(not(target_os = "linux"))]
fn bounds() -> (usize, usize) {
    if cfg!(not(debug_assertions)) {
        return (0, 0);
    }
    let here = 0u8;
    let here = (&raw const here).addr();
    (here.saturating_sub(8 << 20), here)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lowest address that it gets to, by frames of a kilobyte and more.
    #[inline(never)]
    fn dig(depth: usize) -> usize {
        let frame = core::hint::black_box([0u8; 1024]);
        let lowest = match is_left() {
            true if depth < 1 << 20 => dig(depth + 1),
            _ => frame.as_ptr().addr(),
        };
        core::hint::black_box(frame);
        lowest
    }

    #[test]
    fn the_end_is_seen_coming_in_threads_of_any_size() {
        for size in [64 << 10, 256 << 10, 1 << 20, 16 << 20] {
            let thread = std::thread::Builder::new().stack_size(size);
            let thread = thread.spawn(|| {
                let start = core::hint::black_box([0u8; 8]);
                (start.as_ptr().addr() - dig(0), bounds())
            });
            // The system may give a larger stack, of a thread that has ended.
            let (used, (lowest, end)) = thread.unwrap().join().unwrap();
            assert!(end - lowest >= size);
            // The frame that hears no lies beyond, and the first one lies within.
            let (usable, few) = (end - lowest - RESERVE.min((end - lowest) / 2), 20 << 10);
            assert!(
                used.abs_diff(usable) <= few,
                "{used} of {usable} in {size} bytes"
            );
        }
    }

    #[test]
    fn a_place_that_is_no_stack_is_not_judged() {
        assert!(is_usable(1));
    }
}
