//! A place for a value that any thread puts in and takes out, without a lock: a fork of the process
//! finds it whole.

use core::marker::PhantomData;
use core::ptr::null_mut;
use core::sync::atomic::{AtomicPtr, Ordering};

/// Empty, or with a value. All operations are in one order that all threads agree on.
pub(super) struct Slot<T>(AtomicPtr<T>, PhantomData<T>);

// SAFETY: it owns its value, and hands it out whole, to one thread.
unsafe impl<T: Send> Send for Slot<T> {}
// SAFETY: as above: threads share the slot, and never the value.
unsafe impl<T: Send> Sync for Slot<T> {}

impl<T> Default for Slot<T> {
    #[inline]
    fn default() -> Self {
        Self(AtomicPtr::new(null_mut()), PhantomData)
    }
}

impl<T> Slot<T> {
    /// Puts a value in. The one that was there before.
    #[inline]
    pub(super) fn put(&self, value: T) -> Option<T> {
        self.swap(Box::into_raw(Box::new(value)))
    }

    /// Takes the value out.
    #[inline]
    pub(super) fn take(&self) -> Option<T> {
        self.swap(null_mut())
    }

    /// Whether there is a value, just now.
    #[inline]
    pub(super) fn is_full(&self) -> bool {
        !self.0.load(Ordering::SeqCst).is_null()
    }

    #[inline]
    fn swap(&self, new: *mut T) -> Option<T> {
        let before = self.0.swap(new, Ordering::SeqCst);
        // SAFETY: null, or a box that was put in, and that nobody else has taken out.
        (!before.is_null()).then(|| *unsafe { Box::from_raw(before) })
    }
}

impl<T> Drop for Slot<T> {
    #[inline]
    fn drop(&mut self) {
        drop(self.take());
    }
}

impl<T> core::fmt::Debug for Slot<T> {
    #[inline]
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Slot")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::thread;

    #[test]
    fn each_value_comes_out_once() {
        let (slot, counted) = (Arc::new(Slot::default()), Arc::new(()));
        let threads: Vec<_> = (0..4)
            .map(|_| {
                let (slot, counted) = (Arc::clone(&slot), Arc::clone(&counted));
                thread::spawn(move || {
                    (0..1000)
                        .map(|_| {
                            let before = slot.put(Arc::clone(&counted)).is_some();
                            usize::from(before) + usize::from(slot.take().is_some())
                        })
                        .sum::<usize>()
                })
            })
            .collect();
        let out: usize = threads.into_iter().map(|one| one.join().unwrap()).sum();
        assert_eq!(out + usize::from(slot.is_full()), 4000);
        drop(slot);
        assert_eq!(Arc::strong_count(&counted), 1);
    }
}
