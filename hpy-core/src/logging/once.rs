//! A place for a value that comes once and stays, without a lock: a fork of the process finds it
//! whole.

use core::marker::PhantomData;
use core::ptr::null_mut;
use core::sync::atomic::{AtomicPtr, Ordering};

/// Empty, or with a value.
pub(super) struct Once<T>(AtomicPtr<T>, PhantomData<T>);

// SAFETY: it owns its value, and lends it to all threads.
unsafe impl<T: Send + Sync> Send for Once<T> {}
// SAFETY: as above; a value may come from any thread.
unsafe impl<T: Send + Sync> Sync for Once<T> {}

impl<T> Once<T> {
    pub(super) const fn new() -> Self {
        Self(AtomicPtr::new(null_mut()), PhantomData)
    }

    /// The value, if it has come.
    #[inline]
    pub(super) fn get(&self) -> Option<&T> {
        // SAFETY: null, or a box that was put in, and that stays as long as this does.
        unsafe { self.0.load(Ordering::Acquire).as_ref() }
    }

    /// Puts a value in. Gives it back where there is one already.
    pub(super) fn set(&self, value: Box<T>) -> Result<&T, Box<T>> {
        let new = Box::into_raw(value);
        let (success, failure) = (Ordering::AcqRel, Ordering::Relaxed);
        let set = self.0.compare_exchange(null_mut(), new, success, failure);
        // SAFETY: the box is this one's now, or still the caller's.
        unsafe {
            match set {
                Ok(_) => Ok(&*new),
                Err(_) => Err(Box::from_raw(new)),
            }
        }
    }
}

impl<T> Drop for Once<T> {
    fn drop(&mut self) {
        let value = *self.0.get_mut();
        if !value.is_null() {
            // SAFETY: a box that was put in, and that nobody borrows any more.
            drop(unsafe { Box::from_raw(value) });
        }
    }
}
