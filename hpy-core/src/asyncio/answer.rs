//! A value that one side gives, and that a future waits for.

use super::slot::Slot;
use core::task::{Context, Poll, Waker};

/// The value, once it is there, and who waits for it.
#[derive(Debug)]
pub(super) struct Answer<T> {
    value: Slot<T>,
    waker: Slot<Waker>,
}

impl<T> Default for Answer<T> {
    #[inline]
    fn default() -> Self {
        Self {
            value: Slot::default(),
            waker: Slot::default(),
        }
    }
}

impl<T> Answer<T> {
    /// Gives a value, in place of one that nobody has got. Wakes who waits.
    #[inline]
    pub(super) fn give(&self, value: T) {
        drop(self.value.put(value));
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }

    /// The value, which is given out once.
    #[inline]
    pub(super) fn poll(&self, task: &Context<'_>) -> Poll<T> {
        if let Some(value) = self.value.take() {
            return Poll::Ready(value);
        }
        drop(self.waker.put(task.waker().clone()));
        // It may have been given before there was a waker.
        match self.value.take() {
            Some(value) => Poll::Ready(value),
            None => Poll::Pending,
        }
    }

    /// Whether there is a value that nobody has got.
    #[inline]
    pub(super) fn is_there(&self) -> bool {
        self.value.is_full()
    }

    /// Nobody waits any more.
    #[inline]
    pub(super) fn forget_waker(&self) {
        drop(self.waker.take());
    }
}
