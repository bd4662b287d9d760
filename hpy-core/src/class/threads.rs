//! Which threads may use an object's data: any, or the one that made it.
//! `#[hpy_type(unsendable)]`.

use super::names::has;
use crate::Error;
use crate::exceptions::RuntimeError;
use core::cell::Cell;
use core::sync::atomic::{AtomicU64, Ordering};

/// What the data of an object knows of the thread that made it.
pub trait Threads: sealed::Sealed + Send + Sync + 'static {
    /// Whether there are threads that may not.
    const IS_BOUND: bool;
    /// That of data which this thread makes.
    fn new() -> Self;
    /// Whether this thread may use the data.
    fn is_here(&self) -> bool;
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::AnyThread {}
    impl Sealed for super::OneThread {}
}

/// Every thread may use the data, which is Send and Sync.
#[derive(Debug)]
pub struct AnyThread;

/// Only the thread of this number may.
#[derive(Debug)]
pub struct OneThread(u64);

impl Threads for AnyThread {
    const IS_BOUND: bool = false;

    #[inline(always)]
    fn new() -> Self {
        Self
    }

    #[inline(always)]
    fn is_here(&self) -> bool {
        true
    }
}

impl Threads for OneThread {
    const IS_BOUND: bool = true;

    #[inline]
    fn new() -> Self {
        Self(number())
    }

    #[inline]
    fn is_here(&self) -> bool {
        self.0 == number()
    }
}

/// The number of this thread. No other thread of the process ever gets it, as one may that is
/// started later get the id of the operating system or the address of a thread-local.
fn number() -> u64 {
    static LAST: AtomicU64 = AtomicU64::new(0);
    thread_local! {
        // Without a destructor, so it is there until the thread's very end.
        static NUMBER: Cell<u64> = const { Cell::new(0) };
    }
    match NUMBER.get() {
        0 => {
            let new = LAST.fetch_add(1, Ordering::Relaxed) + 1;
            NUMBER.set(new);
            new
        }
        known => known,
    }
}

/// Why this thread may not use the data.
#[cold]
#[inline(never)]
#[allow(improper_ctypes_definitions)] // so it is known not to unwind
pub(super) extern "C" fn wrong_thread(name: &str) -> Error {
    let parts = [
        name,
        " is unsendable: only the thread that made the object can use it",
    ];
    RuntimeError::new(crate::error::joined(&parts))
}

/// Reports data that is not dropped, because its object ended on another thread.
#[cold]
#[inline(never)]
pub(super) fn was_left_behind(name: &str) {
    let text = || {
        let parts = [
            name,
            " is unsendable, but its last object's reference went on another thread: \
             its data is not dropped",
        ];
        crate::error::joined(&parts)
    };
    crate::entry::guard::quietly(|| {
        let told = crate::attach(|ctx| RuntimeError::new(text()).write_unraisable(ctx, None));
        if told.is_err() {
            // An interpreter's own HPy can't be called while an object ends.
            eprintln!("Exception ignored in: RuntimeError: {}", text());
        }
    });
}

/// Refuses, when the extension is compiled, to lend data that only one thread may use.
#[track_caller]
pub const fn check_unsendable(special: &[&str]) {
    assert!(
        !has(special, "__buffer__"),
        "any thread may use the memory that `__buffer__` lends: remove it, or `unsendable`"
    );
}
