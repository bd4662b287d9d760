//! Whether this thread has left Python. Debug builds ask at each use of a context or handle;
//! release builds never do.
//!
//! Nothing with a `'ctx` is `'static`, so the compiler keeps it out of `detach`. A trait object
//! gets in all the same: one that is lent by a scoped thread-local is found by a closure that
//! captures nothing. Rust's types cannot stop that.

#[cfg(debug_assertions)]
mod asked {
    use core::cell::{Cell, RefCell};

    thread_local! {
        static DETACHED: Cell<bool> = const { Cell::new(false) };
        /// What was dropped while the thread was detached, in this order.
        static PUT_OFF: RefCell<Vec<Box<dyn FnOnce()>>> = const { RefCell::new(Vec::new()) };
    }

    /// How it was before; it is so again when this is dropped.
    pub(crate) struct Change(bool);

    /// From here on the thread is detached, or attached.
    pub(crate) fn change(detached: bool) -> Change {
        Change(DETACHED.replace(detached))
    }

    impl Drop for Change {
        fn drop(&mut self) {
            DETACHED.set(self.0);
            if !self.0 {
                release();
            }
        }
    }

    /// Releases what was put off, which runs any code.
    fn release() {
        let put_off = PUT_OFF.try_with(RefCell::take).unwrap_or_default();
        for release in put_off {
            release();
        }
    }

    /// The interpreter, or `attach`, has given a context: the thread is attached. So it is, within
    /// `detach`, where code in C has attached it and calls Python.
    pub(crate) fn has_context() {
        DETACHED.set(false);
    }

    /// To be called before a context or handle is used.
    #[inline]
    pub(crate) fn assert_attached() {
        if DETACHED.get() {
            used();
        }
    }

    #[cold]
    #[inline(never)]
    fn used() -> ! {
        panic!(
            "a context or handle is used while the thread is detached from Python, by something \
             that was smuggled into `detach` (a trait object in a scoped thread-local, say): get \
             what the work needs out of the objects before, or attach by `hpy::attach`"
        );
    }

    /// Puts a release off until the thread is attached, if it is detached; else gives it back.
    ///
    /// # Panics
    /// Where it is put off, but for a thread that is panicking already.
    pub(crate) fn put_off<F: FnOnce() + 'static>(release: F) -> Option<F> {
        if !DETACHED.get() {
            return Some(release);
        }
        // Where the thread itself ends, it is left alone.
        let _ = PUT_OFF.try_with(|all| all.borrow_mut().push(Box::new(release)));
        assert!(
            std::thread::panicking(),
            "a handle is dropped while the thread is detached from Python, by something that was \
             smuggled into `detach` (a trait object in a scoped thread-local, say): drop it before \
             or after. It is closed when Python is entered again"
        );
        None
    }
}

#[cfg(not(debug_assertions))]
mod asked {
    pub(crate) struct Change;

    #[inline(always)]
    pub(crate) fn change(_: bool) -> Change {
        Change
    }

    #[inline(always)]
    pub(crate) fn has_context() {}

    #[inline(always)]
    pub(crate) fn assert_attached() {}

    #[inline(always)]
    pub(crate) fn put_off<F: FnOnce() + 'static>(release: F) -> Option<F> {
        Some(release)
    }
}

pub(crate) use asked::{Change, assert_attached, change, has_context, put_off};
