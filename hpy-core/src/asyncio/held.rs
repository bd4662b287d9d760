//! `&self` of an `async fn`: an object's data, shared for as long as the coroutine lives.

use crate::class::access::Access;
use crate::class::{HasMethods, PyClass, borrow_out_of_line};
use crate::{Handle, Persistent, Result};
use core::marker::PhantomData;
use core::ops::Deref;
use core::ptr::NonNull;

/// The shared data of an object, which it keeps alive.
///
/// It is the coroutine's: dropped by Python's threads only.
pub struct Held<T: PyClass> {
    /// Dropped first.
    borrow: Borrow<T>,
    _object: Persistent,
}

/// A borrow of data that something else keeps alive.
struct Borrow<T: PyClass> {
    access: NonNull<T::Access>,
    value: NonNull<T>,
    _type: PhantomData<T>,
}

// SAFETY: it gives `&T` alone, and the flag is an atomic. The coroutine that has it is polled and
// dropped by threads that are attached, one at a time, so the flag is changed as any borrow does.
unsafe impl<T: PyClass + Send + Sync> Send for Borrow<T> {}
// SAFETY: as above.
unsafe impl<T: PyClass + Send + Sync> Sync for Borrow<T> {}

/// Holds the data of the object that a method is called with.
///
/// # Errors
/// RuntimeError if somebody has it for himself, TypeError if no constructor has made it,
/// MemoryError.
pub fn held<T: PyClass + Send + Sync>(this: &Handle<'_>) -> Result<Held<T>> {
    let object = Persistent::new(this)?;
    let (access, value) = borrow_out_of_line::<T>(this)?.into_parts();
    Ok(Held {
        borrow: Borrow {
            access,
            value,
            _type: PhantomData,
        },
        _object: object,
    })
}

/// `this: Persistent<Self>` of an `async fn` that is called with this object.
///
/// # Errors
/// TypeError if the object is of another type, MemoryError.
pub fn kept_receiver<T: HasMethods>(this: &Handle<'_>) -> Result<Persistent<T>> {
    Persistent::new(this.downcast()?)
}

impl<T: PyClass> Deref for Held<T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        // SAFETY: the object is alive as long as `self`, and its data is shared.
        unsafe { self.borrow.value.as_ref() }
    }
}

impl<T: PyClass> Drop for Borrow<T> {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: the object is alive: its reference is dropped after this.
        unsafe { self.access.as_ref() }.unshare();
    }
}

impl<T: PyClass> core::fmt::Debug for Held<T> {
    #[inline]
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Held")
    }
}
