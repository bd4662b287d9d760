//! What wakes a coroutine: on any thread, without Python.

use super::bell::Bell;
use super::slot::Slot;
use crate::Persistent;
use core::mem::ManuallyDrop;
use core::sync::atomic::{AtomicBool, Ordering};
use core::task::{RawWaker, RawWakerVTable, Waker};
use std::sync::{Arc, OnceLock};
use std::task::Wake;

/// Whether a coroutine is to be polled again, and what it waits for.
#[derive(Default)]
pub(super) struct Wakeup {
    /// It was woken since its last poll began.
    woken: AtomicBool,
    sleeps: Slot<Sleep>,
}

/// A future of `asyncio` that the coroutine waits for. The loop's bell has it complete.
struct Sleep {
    bell: Arc<Bell>,
    future: Persistent,
}

impl Wakeup {
    /// Before a poll: what wakes from here on asks for another. The poll sees what was done before
    /// it was woken.
    #[inline]
    pub(super) fn awake(&self) {
        self.woken.swap(false, Ordering::SeqCst);
        drop(self.sleeps.take());
    }

    /// Whether it was woken since its last poll began.
    #[inline]
    pub(super) fn is_woken(&self) -> bool {
        self.woken.load(Ordering::SeqCst)
    }

    /// Whether it waits for a future, and was not woken.
    #[inline]
    pub(super) fn sleeps(&self) -> bool {
        self.sleeps.is_full()
    }

    /// After a poll: waits for the future. No, if it was woken meanwhile.
    #[inline]
    pub(super) fn sleep(&self, bell: Arc<Bell>, future: Persistent) -> bool {
        drop(self.sleeps.put(Sleep { bell, future }));
        // If the future is gone already, the bell has it.
        !(self.is_woken() && self.sleeps.take().is_some())
    }

    /// The coroutine has ended: a waker that somebody keeps refers to nothing of Python any more.
    pub(super) fn end(&self) {
        drop(self.sleeps.take());
    }
}

impl Wake for Wakeup {
    #[inline]
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    #[inline]
    fn wake_by_ref(self: &Arc<Self>) {
        self.woken.store(true, Ordering::SeqCst);
        if let Some(Sleep { bell, future }) = self.sleeps.take() {
            bell.complete(future);
        }
    }
}

/// The waker of a coroutine's first poll, which most coroutines end with. Nothing is allocated
/// until it is cloned.
#[derive(Default)]
pub(super) struct FirstWaker(OnceLock<Arc<Wakeup>>);

impl FirstWaker {
    /// Calls `body` with the waker.
    pub(super) fn with<R>(&self, body: impl FnOnce(&Waker) -> R) -> R {
        let raw = RawWaker::new(core::ptr::from_ref(self).cast(), &VTABLE);
        // SAFETY: the functions of the table keep the contract of `RawWaker`. This one points to
        // `self`, which outlives it: it is borrowed until `body` returns, and its clones do not
        // point here. It is not dropped, which would do nothing.
        let waker = ManuallyDrop::new(unsafe { Waker::from_raw(raw) });
        body(&waker)
    }

    /// What its clones wake, if there are any or it was woken itself.
    #[inline]
    pub(super) fn into_wakeup(self) -> Option<Arc<Wakeup>> {
        self.0.into_inner()
    }
}

static VTABLE: RawWakerVTable = RawWakerVTable::new(clone, wake_by_ref, wake_by_ref, |_| ());

/// # Safety
/// It is the data of the waker that `FirstWaker::with` lends.
#[inline]
unsafe fn wakeup<'a>(data: *const ()) -> &'a Arc<Wakeup> {
    // SAFETY: as promised by the caller, it is a `FirstWaker` that lives as long as the waker. It
    // is Sync, as a waker has to be.
    let first = unsafe { &*data.cast::<FirstWaker>() };
    first.0.get_or_init(Arc::default)
}

#[inline]
unsafe fn clone(data: *const ()) -> RawWaker {
    // SAFETY: the table is that of this waker alone.
    let wakeup = unsafe { wakeup(data) };
    let waker = ManuallyDrop::new(Waker::from(Arc::clone(wakeup)));
    RawWaker::new(waker.data(), waker.vtable())
}

#[inline]
unsafe fn wake_by_ref(data: *const ()) {
    // SAFETY: the table is that of this waker alone.
    unsafe { wakeup(data) }.wake_by_ref();
}

const _: () = {
    const fn is_for_all_threads<T: Send + Sync>() {}
    is_for_all_threads::<FirstWaker>()
};
