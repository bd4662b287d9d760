//! How the data of an object is borrowed: checked at run time, or never exclusively.

use core::sync::atomic::{AtomicIsize, Ordering};
use hpy_sys::capi;

/// What keeps shared and exclusive borrows apart.
pub trait Access: sealed::Sealed + Send + Sync + 'static {
    /// That of an object that nobody borrows.
    const NEW: Self;
    /// One more shares the data; whether that is allowed.
    fn share(&self) -> bool;
    /// One less shares it.
    fn unshare(&self);
    /// Somebody has the data for himself; whether that is allowed.
    fn lock(&self) -> bool;
    /// Nobody has it any more.
    fn unlock(&self);
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::Checked {}
    impl Sealed for super::Frozen {}
}

/// Of a type whose methods may take `&mut self`: how many share the data, -1 where one has it for
/// himself.
#[derive(Debug)]
pub struct Checked(AtomicIsize);

/// Of a type whose data is only ever shared: nothing to check.
#[derive(Debug)]
pub struct Frozen;

const EXCLUSIVE: isize = -1;

impl Checked {
    /// Replaces the count. Where a lock for the whole interpreter is held, nobody comes between.
    #[inline(always)]
    fn change(&self, new: impl Fn(isize) -> Option<isize>) -> bool {
        if free_threaded() {
            let change = self
                .0
                .fetch_update(Ordering::AcqRel, Ordering::Relaxed, &new);
            return change.is_ok();
        }
        match new(self.0.load(Ordering::Relaxed)) {
            Some(count) => {
                self.0.store(count, Ordering::Relaxed);
                true
            }
            None => false,
        }
    }
}

#[inline(always)]
fn free_threaded() -> bool {
    // The mock has threads of tests, each with a world of its own. Known layouts are those of
    // interpreters with a lock.
    // SAFETY: the payload is an object's, which the thread has found by a context.
    !unsafe { capi::running::layout_known() } && capi::free_threaded()
}

impl Access for Checked {
    const NEW: Self = Self(AtomicIsize::new(0));

    #[inline(always)]
    fn share(&self) -> bool {
        self.change(|count| (count >= 0 && count != isize::MAX).then(|| count.wrapping_add(1)))
    }

    #[inline(always)]
    fn unshare(&self) {
        self.change(|count| Some(count.wrapping_sub(1)));
    }

    #[inline(always)]
    fn lock(&self) -> bool {
        self.change(|count| (count == 0).then_some(EXCLUSIVE))
    }

    #[inline(always)]
    fn unlock(&self) {
        self.change(|_| Some(0));
    }
}

impl Access for Frozen {
    const NEW: Self = Self;

    #[inline(always)]
    fn share(&self) -> bool {
        true
    }

    #[inline(always)]
    fn unshare(&self) {}

    #[inline(always)]
    fn lock(&self) -> bool {
        false
    }

    #[inline(always)]
    fn unlock(&self) {}
}
