//! Locks, values made once, critical sections: see `test_locks.py`.

mod sections;

use hpy::exceptions::{LookupError, RuntimeError};
use hpy::prelude::*;
use hpy::sync::{Lazy, MutexExt, OnceExt, OnceLockExt, RwLockExt};
use sections::{add_in_section, count_in_section, counted, detach_in_section, panic_in_section};
use sections::{section, section2};
use std::sync::{Mutex, Once, OnceLock, PoisonError, RwLock, mpsc};
use std::thread;
use std::time::Duration;

/// What a test drops later.
static KEPT: Mutex<Option<Persistent>> = Mutex::new(None);

/// One of each, so that every test has its own.
#[hpy_type(frozen)]
struct Locks {
    mutex: Mutex<u32>,
    rw_lock: RwLock<u32>,
    once: Once,
    once_lock: OnceLock<u64>,
}

#[hpy_methods]
impl Locks {
    #[new]
    fn new() -> Self {
        Locks {
            mutex: Mutex::new(0),
            rw_lock: RwLock::new(0),
            once: Once::new(),
            once_lock: OnceLock::new(),
        }
    }

    /// Calls Python while the lock is held, and counts.
    fn in_mutex(&self, callback: &Handle<'_>) -> Result<u32> {
        let guard = self.mutex.lock_attached(callback.ctx());
        let mut count = guard.unwrap_or_else(PoisonError::into_inner);
        callback.call0()?;
        *count += 1;
        Ok(*count)
    }

    /// Waits for the locks, while the thread that has them drops what was kept.
    fn after_drop(&self, ctx: Context<'_>) -> u32 {
        let kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner).take();
        let (locked, is_locked) = mpsc::channel();
        thread::scope(|scope| {
            scope.spawn(move || {
                let _guards = (self.mutex.lock(), self.rw_lock.write());
                locked.send(()).ok();
                thread::sleep(Duration::from_millis(100));
                drop(kept);
            });
            is_locked.recv().ok();
            let count = *self
                .rw_lock
                .read_attached(ctx)
                .unwrap_or_else(PoisonError::into_inner);
            let mut mutex = self
                .mutex
                .lock_attached(ctx)
                .unwrap_or_else(PoisonError::into_inner);
            *mutex += 1;
            count + *mutex
        })
    }

    fn panic_in_mutex(&self, ctx: Context<'_>) {
        let _guard = self.mutex.lock_attached(ctx);
        panic!("in the mutex");
    }

    fn mutex_says_poisoned(&self, ctx: Context<'_>) -> bool {
        self.mutex.lock_attached(ctx).is_err()
    }

    fn reading(&self, callback: &Handle<'_>) -> Result<u32> {
        let guard = self.rw_lock.read_attached(callback.ctx());
        let count = guard.unwrap_or_else(PoisonError::into_inner);
        callback.call0()?;
        Ok(*count)
    }

    fn writing(&self, callback: &Handle<'_>) -> Result<u32> {
        let guard = self.rw_lock.write_attached(callback.ctx());
        let mut count = guard.unwrap_or_else(PoisonError::into_inner);
        callback.call0()?;
        *count += 1;
        Ok(*count)
    }

    fn panic_while_writing(&self, ctx: Context<'_>) {
        let _guard = self.rw_lock.write_attached(ctx);
        panic!("in the lock");
    }

    fn rw_lock_says_poisoned(&self, ctx: Context<'_>) -> (bool, bool) {
        let read = self.rw_lock.read_attached(ctx).is_err();
        (read, self.rw_lock.write_attached(ctx).is_err())
    }

    /// What the callback raises, it does not tell. The closure owns a handle, which is closed
    /// whether it is called or not.
    fn once(&self, callback: &Handle<'_>) -> bool {
        let owned = callback.dup();
        self.once
            .call_once_attached(callback.ctx(), move || drop(owned.call0()));
        self.once.is_completed()
    }

    /// As `once`, also after a panic, of which the callback is told.
    fn once_forced(&self, callback: &Handle<'_>) -> bool {
        let owned = callback.dup();
        self.once
            .call_once_force_attached(callback.ctx(), move |state| {
                drop(owned.call1((state.is_poisoned(),)));
            });
        self.once.is_completed()
    }

    fn panic_in_once(&self, ctx: Context<'_>) {
        self.once.call_once_attached(ctx, || panic!("in the once"));
    }

    fn once_lock(&self, callback: &Handle<'_>) -> u64 {
        let owned = callback.dup();
        *self
            .once_lock
            .get_or_init_attached(callback.ctx(), move || {
                owned.call0().and_then(|value| value.extract()).unwrap_or(0)
            })
    }

    fn panic_in_once_lock(&self, ctx: Context<'_>) -> u64 {
        *self
            .once_lock
            .get_or_init_attached(ctx, || panic!("in the lock"))
    }
}

/// What makes the values of `LAZIES`.
static MAKER: Global = Global::new();
static LAZIES: [Lazy<u64>; 8] = [const { Lazy::new(make) }; 8];

fn make(ctx: Context<'_>) -> Result<u64> {
    let maker = MAKER.load(ctx)?;
    let value = maker
        .ok_or_else(|| RuntimeError::new("no maker"))?
        .call0()?;
    assert!(!value.is_none(), "made to panic");
    value.extract()
}

fn numbered(number: usize) -> Result<&'static Lazy<u64>> {
    LAZIES
        .get(number)
        .ok_or_else(|| LookupError::new("no such value"))
}

#[hpy_method]
fn set_maker(maker: &Handle<'_>) -> Result<()> {
    MAKER.store(maker)
}

#[hpy_method]
fn keep(object: Persistent) {
    *KEPT.lock().unwrap_or_else(PoisonError::into_inner) = Some(object);
}

#[hpy_method]
fn lazy(ctx: Context<'_>, number: usize) -> Result<u64> {
    numbered(number)?.get(ctx).copied()
}

#[hpy_method]
fn lazy_if_made(number: usize) -> Result<Option<u64>> {
    Ok(numbered(number)?.get_if_made().copied())
}

hpy_module! {
    name: locks,
    methods: [
        set_maker, keep, lazy, lazy_if_made, section, section2, add_in_section, detach_in_section,
        panic_in_section, counted, count_in_section,
    ],
    types: [Locks],
    globals: [MAKER],
}
