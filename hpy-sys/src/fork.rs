//! Locks that are free in a forked child process.
//!
//! A fork copies only the calling thread. A lock that another thread holds would stay locked in the
//! child forever, and its value might be half written. So a fork waits until no [`Lock`] is held,
//! and no thread gets one until the fork is done. This uses C's `pthread_atfork`, so it also works
//! for forks outside Python. No thread holds such a lock while it runs Python code or waits for
//! anything but memory.
//!
//! A fork does not hold a [`SpinLock`]. It belongs to the process that took it, so in a child it
//! counts as free.

use core::cell::UnsafeCell;
use core::fmt;
use core::mem::ManuallyDrop;
use core::ops::{Deref, DerefMut};
use core::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A value that one thread at a time may use, and none during a fork.
pub struct Lock<T> {
    mutex: Mutex<()>,
    value: UnsafeCell<T>,
}

// SAFETY: the value is used by the thread that holds the lock.
unsafe impl<T: Send> Sync for Lock<T> {}

/// Access to the value, until dropped.
#[derive(Debug)]
pub struct Guard<T: 'static> {
    value: &'static UnsafeCell<T>,
    _held: Held,
}

impl<T> Deref for Guard<T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        // SAFETY: this thread holds the lock.
        unsafe { &*self.value.get() }
    }
}

impl<T> DerefMut for Guard<T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: this thread holds the lock, and the guard is borrowed mutably.
        unsafe { &mut *self.value.get() }
    }
}

impl<T: Send> Lock<T> {
    /// A lock around a value.
    pub const fn new(value: T) -> Self {
        Self {
            mutex: Mutex::new(()),
            value: UnsafeCell::new(value),
        }
    }

    /// Waits for the lock. The thread must hold no other one. While it holds this one, it must not
    /// run Python code or fork.
    ///
    /// A panic does not poison the lock.
    #[inline]
    pub fn lock(&'static self) -> Guard<T> {
        Guard {
            _held: Held::new(&self.mutex, true),
            value: &self.value,
        }
    }

    /// As [`lock`](Self::lock), for a thread that may hold another one.
    #[inline]
    pub fn lock_another(&'static self) -> Guard<T> {
        Guard {
            _held: Held::new(&self.mutex, false),
            value: &self.value,
        }
    }
}

impl<T> fmt::Debug for Lock<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Lock")
    }
}

/// The part of a guard that does not depend on the value's type.
#[derive(Debug)]
struct Held {
    /// Released before the count is decremented.
    mutex: ManuallyDrop<MutexGuard<'static, ()>>,
    count: &'static AtomicUsize,
}

impl Held {
    /// Waits for the lock. A thread that holds no other lock waits for pending forks first.
    /// Otherwise a fork might wait forever while several threads keep using a lock.
    #[inline(never)]
    fn new(mutex: &'static Mutex<()>, is_first: bool) -> Self {
        let count = &COUNTS[((&raw const *mutex).addr() >> 6) % COUNTS.len()].0;
        while is_first && FORKS.load(Ordering::Acquire) != 0 || !add(count) {
            std::thread::yield_now();
        }
        let mutex = mutex.lock().unwrap_or_else(PoisonError::into_inner);
        Self {
            mutex: ManuallyDrop::new(mutex),
            count,
        }
    }
}

impl Drop for Held {
    #[inline(never)]
    fn drop(&mut self) {
        // SAFETY: only here, once.
        unsafe { ManuallyDrop::drop(&mut self.mutex) };
        self.count.fetch_sub(1, Ordering::Release);
    }
}

/// The number of locks in this group that are held or waited for, or [`FORKING`]. In its own cache
/// line.
#[repr(align(64))]
struct Count(AtomicUsize);

/// Several groups, because threads take different locks in parallel without the GIL. A lock's
/// address selects its group.
static COUNTS: [Count; 16] = [const { Count(AtomicUsize::new(0)) }; 16];

/// No thread holds one of the locks, and none gets one.
const FORKING: usize = usize::MAX;

/// The number of threads that are about to fork.
static FORKS: AtomicUsize = AtomicUsize::new(0);

/// Counts one more lock, unless a thread is forking.
fn add(count: &AtomicUsize) -> bool {
    let held = count.load(Ordering::Relaxed);
    held != FORKING && replace(count, held, held + 1)
}

fn replace(count: &AtomicUsize, held: usize, new: usize) -> bool {
    count
        .compare_exchange(held, new, Ordering::Acquire, Ordering::Relaxed)
        .is_ok()
}

/// Before a fork: waits until all locks are free and blocks them.
extern "C" fn before_fork() {
    FORKS.fetch_add(1, Ordering::AcqRel);
    loop {
        let free = COUNTS
            .iter()
            .take_while(|count| replace(&count.0, 0, FORKING));
        let free = free.count();
        if free == COUNTS.len() {
            return;
        }
        // A thread that holds another lock may be waiting for one of these.
        give_back(free);
        std::thread::yield_now();
    }
}

/// Unblocks the first `count` groups.
fn give_back(counts: usize) {
    for count in COUNTS.iter().take(counts) {
        count.0.store(0, Ordering::Release);
    }
}

/// After a fork, in the parent.
extern "C" fn in_parent() {
    FORKS.fetch_sub(1, Ordering::AcqRel);
    give_back(COUNTS.len());
}

/// One more than the number of forks that led to this process.
static GENERATION: AtomicUsize = AtomicUsize::new(1);

/// A number that a forked child has another one of than its parent.
#[inline(always)]
pub fn generation() -> usize {
    GENERATION.load(Ordering::Relaxed)
}

/// After a fork, in the child.
extern "C" fn in_child() {
    GENERATION.fetch_add(1, Ordering::Relaxed);
    // Forks that other threads were about to make do not happen in the child.
    FORKS.store(0, Ordering::Release);
    give_back(COUNTS.len());
}

/// A lock for a few instructions that keep the protected value valid at every step.
#[derive(Debug)]
pub struct SpinLock {
    /// The generation of the process that holds it, or 0 if it is free.
    holder: AtomicUsize,
}

impl SpinLock {
    /// A free one.
    #[allow(clippy::new_without_default)]
    pub const fn new() -> Self {
        Self {
            holder: AtomicUsize::new(0),
        }
    }

    /// Runs `body` on one thread at a time.
    #[inline]
    pub fn during<R>(&self, body: impl FnOnce() -> R) -> R {
        let this = GENERATION.load(Ordering::Relaxed);
        let mut free = 0;
        while let Err(holder) =
            self.holder
                .compare_exchange(free, this, Ordering::Acquire, Ordering::Relaxed)
        {
            // The thread that took it before the fork no longer exists.
            free = if holder == this { 0 } else { holder };
            core::hint::spin_loop();
        }
        let result = body();
        self.holder.store(0, Ordering::Release);
        result
    }
}

/// Registers the handlers for forks. Called at each import.
pub(crate) fn hold_locks_in_forks() {
    #[cfg(all(unix, not(miri)))]
    {
        type Handler = Option<extern "C" fn()>;
        unsafe extern "C" {
            fn pthread_atfork(before: Handler, parent: Handler, child: Handler)
            -> core::ffi::c_int;
        }
        use core::sync::atomic::AtomicBool;
        static DONE: AtomicBool = AtomicBool::new(false);
        if !DONE.swap(true, Ordering::Relaxed) {
            // SAFETY: C's function. The handlers stay valid: the C library removes those of an
            // unloaded library.
            unsafe { pthread_atfork(Some(before_fork), Some(in_parent), Some(in_child)) };
        }
    }
    #[cfg(not(all(unix, not(miri))))]
    let _ = (before_fork, in_parent, in_child);
}

#[cfg(all(test, unix, not(miri)))]
mod tests {
    use super::*;
    use core::ffi::c_int;
    use std::sync::atomic::AtomicBool;

    unsafe extern "C" {
        fn fork() -> c_int;
        fn waitpid(process: c_int, status: *mut c_int, options: c_int) -> c_int;
        fn alarm(seconds: u32) -> u32;
        fn _exit(status: c_int) -> !;
    }

    static NUMBERS: Lock<Vec<usize>> = Lock::new(Vec::new());
    static MORE: [Lock<usize>; 2] = [const { Lock::new(0) }; 2];
    static SPIN: SpinLock = SpinLock::new();

    /// What a thread does, and the child: takes each lock.
    fn work() {
        let mut numbers = NUMBERS.lock();
        let len = numbers.len() % 1000;
        numbers.truncate(len);
        numbers.push(len);
        // Takes another lock inside it, the two in varying order.
        for index in [len % 2, (len + 1) % 2] {
            *MORE[index].lock_another() += 1;
        }
        drop(numbers);
        SPIN.during(|| core::hint::black_box(()));
    }

    #[test]
    fn a_child_finds_all_locks_free() {
        static STOP: AtomicBool = AtomicBool::new(false);
        hold_locks_in_forks();
        let threads: Vec<_> = (0..3)
            .map(|_| {
                std::thread::spawn(|| {
                    while !STOP.load(Ordering::Relaxed) {
                        work();
                    }
                })
            })
            .collect();
        let mut statuses = Vec::new();
        for _ in 0..200 {
            // SAFETY: C's functions. The child exits without calling anything that another thread
            // could have left unfinished.
            unsafe {
                let child = fork();
                if child == 0 {
                    alarm(10);
                    work();
                    let numbers = NUMBERS.lock();
                    let whole = numbers.iter().enumerate().all(|(at, number)| at == *number);
                    _exit(c_int::from(!whole));
                }
                let mut status = -1;
                assert_eq!(waitpid(child, &mut status, 0), child);
                statuses.push(status);
                if status != 0 {
                    break;
                }
            }
        }
        STOP.store(true, Ordering::Relaxed);
        assert!(threads.into_iter().all(|thread| thread.join().is_ok()));
        assert_eq!(statuses, [0; 200]);
    }

    #[test]
    fn a_lock_of_the_process_before_is_free() {
        static TAKEN: SpinLock = SpinLock::new();
        TAKEN.holder.store(usize::MAX, Ordering::Relaxed);
        assert_eq!(TAKEN.during(|| 42), 42);
        assert_eq!(TAKEN.holder.load(Ordering::Relaxed), 0);
    }
}
