//! A box that is made when it is needed.

use core::ptr::null_mut;
use core::sync::atomic::{AtomicPtr, Ordering};

/// A box that is made when it is needed. An atomic pointer is less code than a lock.
pub(super) struct Lazy<T>(AtomicPtr<T>);

impl<T> Lazy<T> {
    pub(super) const fn new() -> Self {
        Self(AtomicPtr::new(null_mut()))
    }

    #[inline]
    pub(super) fn get(&self) -> Option<&T> {
        // SAFETY: null, or a box that lives as long as `self`.
        unsafe { self.0.load(Ordering::Acquire).as_ref() }
    }

    #[inline]
    pub(super) fn get_mut(&mut self) -> Option<&mut T> {
        // SAFETY: null, or a box that lives as long as `self`, which is borrowed.
        unsafe { self.0.get_mut().as_mut() }
    }

    pub(super) fn get_mut_or(&mut self, new: impl FnOnce() -> T) -> &mut T {
        let value = self.0.get_mut();
        if value.is_null() {
            *value = Box::into_raw(Box::new(new()));
        }
        // SAFETY: a box that lives as long as `self`, which is borrowed.
        unsafe { &mut **value }
    }

    /// Keeps the value, unless another thread came first. The one that is kept.
    pub(super) fn keep(&self, value: T) -> &T {
        let new = Box::into_raw(Box::new(value));
        let kept = self
            .0
            .compare_exchange(null_mut(), new, Ordering::AcqRel, Ordering::Acquire);
        // SAFETY: each is a box: the one that is kept lives as long as `self`, and one that came
        // too late is not used again.
        unsafe {
            match kept {
                Ok(_) => &*new,
                Err(first) => {
                    drop(Box::from_raw(new));
                    &*first
                }
            }
        }
    }
}

impl<T> Drop for Lazy<T> {
    #[inline]
    fn drop(&mut self) {
        let value = *self.0.get_mut();
        if !value.is_null() {
            // SAFETY: the box is ours, and not used again.
            drop(unsafe { Box::from_raw(value) });
        }
    }
}
