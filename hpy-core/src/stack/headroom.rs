//! Headroom: whether there is room left on the thread's stack, asked in a nanosecond.

#[cfg(unix)]
mod at_fork;
#[cfg(feature = "universal")]
mod counts;
#[cfg_attr(not(unix), path = "headroom/thread/of_std.rs")]
mod thread;

use super::bounds::Bounds;
use super::here;
#[cfg(unix)]
use at_fork::AtFork;
use core::cell::Cell;
#[cfg(feature = "universal")]
pub(crate) use counts::{count_of_calls, forget_counts, keep_count};
use hpy_sys::stack_pages::{self, PAGE_BITS};

/// What is left free of a stack at least, if that is not more than half of it: for Python's own
/// recursion in C, which is not asked here, and for what an exception takes.
const RESERVE: usize = 4 << 20;

/// What a thread knows of its stack. A thread marks pages of its own stack alone and forgets them
/// when it ends: another's may lie there next.
struct Stack {
    known: Cell<Option<Bounds>>,
    /// The first and the last page that it has marked.
    marked: Cell<(usize, usize)>,
}

impl Stack {
    const fn new() -> Self {
        Self {
            known: Cell::new(None),
            marked: Cell::new((usize::MAX, 0)),
        }
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        let (first, last) = self.marked.get();
        stack_pages::forget(first, last);
    }
}

/// Whether the caller may go deeper.
#[inline]
pub(super) fn is_left() -> bool {
    let page = here() >> PAGE_BITS;
    // PyPy has a check of its own, so no page is ready there, and each call comes here.
    #[cfg(feature = "universal")]
    if stack_pages::is_usable(page) {
        // It may become ready now.
        stack_pages::remember_again(page);
        return true;
    }
    is_usable(page)
}

/// Whether the caller's page is known to be usable.
#[cfg(feature = "universal")]
#[inline(always)]
pub(super) fn is_known() -> bool {
    stack_pages::is_usable(here() >> PAGE_BITS)
}

/// Whether a call on the caller's page may begin at once.
#[inline(always)]
pub(super) fn is_ready() -> bool {
    stack_pages::is_ready(here() >> PAGE_BITS)
}

#[cold]
#[inline(never)]
fn is_usable(page: usize) -> bool {
    let bounds = bounds();
    let (first, last) = (page << PAGE_BITS, (page + 1) << PAGE_BITS);
    // Somewhere else is a stack of somebody's own making, of which nothing is known.
    if last <= bounds.lowest || first >= bounds.end {
        return true;
    }
    let usable = first >= lowest_usable(&bounds);
    if usable {
        mark(page);
    }
    usable
}

/// Whether the thread's stack has so many bytes, or the caller runs on another one.
#[cold]
#[inline(never)]
pub(super) fn is_as_large_as(size: usize) -> bool {
    let bounds = bounds();
    !bounds.contains(here()) || bounds.size() >= size
}

/// Where the thread's stack lies.
pub(super) fn bounds() -> Bounds {
    let known = thread::with_stack(|stack| {
        let known = stack.known.get().unwrap_or_else(Bounds::ask);
        stack.known.set(Some(known));
        known
    });
    // A thread that is ending does not remember it any more.
    known.unwrap_or_else(Bounds::ask)
}

/// The address that recursion through Rust may get down to.
pub(super) fn lowest_usable(bounds: &Bounds) -> usize {
    bounds.lowest + RESERVE.min(bounds.size() / 2)
}

/// A page of the running thread's stack is known from now on, unless it could not be forgotten in
/// time.
fn mark(page: usize) {
    if !forgets_in_forked_child() {
        return;
    }
    // A thread that is ending forgets nothing any more, and marks nothing.
    thread::with_stack(|stack| {
        let (first, last) = stack.marked.get();
        stack.marked.set((first.min(page), last.max(page)));
        // Whose count lies beside the place is not known any more.
        #[cfg(feature = "universal")]
        counts::forget_count(page);
        stack_pages::remember(page);
    });
}

/// Whether a child of `fork` forgets all pages: the threads that it does not have did not come to
/// their ends.
#[cfg(unix)]
fn forgets_in_forked_child() -> bool {
    unsafe extern "C" fn forget_all() {
        stack_pages::forget_all();
    }

    static ASKED: AtFork = AtFork::new();
    ASKED.ask(forget_all)
}

#[cfg(not(unix))]
fn forgets_in_forked_child() -> bool {
    true
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

    /// What a thread of that size has used before it was told to stop, and its stack.
    fn dug(size: usize) -> (usize, Bounds) {
        let thread = std::thread::Builder::new().stack_size(size);
        let thread = thread.spawn(|| {
            let start = core::hint::black_box([0u8; 8]);
            (start.as_ptr().addr() - dig(0), bounds())
        });
        thread.unwrap().join().unwrap()
    }

    fn ends_where_it_should(size: usize) {
        let (used, bounds) = dug(size);
        // The system may give a larger stack, of a thread that has ended.
        assert!(bounds.size() >= size);
        // The frame that hears no lies beyond, and the first one lies within.
        let (usable, few) = (bounds.end - lowest_usable(&bounds), 20 << 10);
        assert!(
            used.abs_diff(usable) <= few,
            "{used} of {usable} in {size} bytes"
        );
    }

    #[test]
    fn the_end_is_seen_coming_in_threads_of_any_size() {
        for size in [64 << 10, 256 << 10, 1 << 20, 16 << 20] {
            ends_where_it_should(size);
        }
    }

    #[test]
    fn pages_of_a_thread_that_has_ended_are_forgotten() {
        // glibc keeps no stack of this size for later: the next thread's lies within the same
        // addresses. Those of tests that run meanwhile lie at its end.
        let (_, mut large) = dug(64 << 20);
        large.end -= 32 << 20;
        let marked = stack_pages::known().map(|page| page << PAGE_BITS);
        assert_eq!(marked.filter(|page| large.contains(*page)).count(), 0);
        for size in [64 << 10, 1 << 20, 2 << 20] {
            ends_where_it_should(size);
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_forked_child_has_forgotten_all() {
        use core::ffi::c_int;
        unsafe extern "C" {
            fn fork() -> c_int;
            fn waitpid(child: c_int, status: *mut c_int, options: c_int) -> c_int;
            fn _exit(status: c_int) -> !;
        }
        assert!(is_left() && is_ready());
        let mut status = -1;
        // SAFETY: the child reads statics and ends; the status has room.
        unsafe {
            let child = fork();
            if child == 0 {
                _exit(c_int::from(stack_pages::known().next().is_some()));
            }
            assert_eq!(waitpid(child, &mut status, 0), child);
        }
        assert_eq!(status, 0);
    }

    #[test]
    fn a_place_that_is_no_stack_is_not_judged() {
        assert!(is_usable(1));
    }
}
