//! The exception object of an error that was made in Rust, once somebody has asked for it.

use crate::backend::Raised;
use core::ptr::null_mut;
use core::sync::atomic::{AtomicPtr, Ordering};

/// Empty, or an exception that is kept until the end. An atomic pointer is less code than a lock.
pub(super) struct Made(AtomicPtr<Raised>);

impl Made {
    pub(super) const fn new() -> Self {
        Self(AtomicPtr::new(null_mut()))
    }

    pub(super) fn get(&self) -> Option<&Raised> {
        // SAFETY: null, or a box that lives as long as `self`.
        unsafe { self.0.load(Ordering::Acquire).as_ref() }
    }

    /// Keeps the exception, unless another thread came first. The one that is kept.
    pub(super) fn keep(&self, made: Raised) -> &Raised {
        let new = Box::into_raw(Box::new(made));
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

impl Drop for Made {
    fn drop(&mut self) {
        let made = *self.0.get_mut();
        if !made.is_null() {
            // SAFETY: the box is ours, and not used again.
            drop(unsafe { Box::from_raw(made) });
        }
    }
}
