//! How an object's data is borrowed: `&self` and `&mut self` of methods, and the guards that users
//! hold.

use super::access::{Access, Frozen, NotFrozen};
use super::layout::{Payload, payload, payload_out_of_line};
use super::{HasMethods, PyClass};
use crate::exceptions::RuntimeError;
use crate::thread::detached;
use crate::{Error, FromHandle, Handle, Result};
use core::marker::PhantomData;
use core::ops::{Deref, DerefMut};
use core::ptr::NonNull;

/// The data of an object, shared, as long as this lives: PyO3's `PyRef`.
///
/// A method's parameter may be one, to get at the data of an argument:
///
/// ```
/// use hpy::prelude::*;
///
/// #[hpy_type]
/// struct Point {
///     x: f64,
///     y: f64,
/// }
///
/// #[hpy_methods]
/// impl Point {
///     fn distance(&self, other: Ref<'_, Point>) -> f64 {
///         (self.x - other.x).hypot(self.y - other.y)
///     }
/// }
/// ```
pub struct Ref<'a, T: PyClass> {
    payload: &'a Payload<T>,
    /// Without the GIL another thread must not let go of what this one has.
    _here: PhantomData<*const ()>,
}

/// The data of an object, for oneself, as long as this lives: PyO3's `PyRefMut`.
pub struct RefMut<'a, T: PyClass> {
    payload: &'a Payload<T>,
    /// What has the fields back at the end.
    owner: Owner,
    _here: PhantomData<*const ()>,
}

impl<'a, T: PyClass> Ref<'a, T> {
    #[inline(always)]
    fn new(payload: &'a Payload<T>) -> Result<Self> {
        if payload.access.share() {
            Ok(Self {
                payload,
                _here: PhantomData,
            })
        } else {
            Err(clash::<T>("already mutably borrowed"))
        }
    }
}

impl<'a, T: PyClass> Ref<'a, T> {
    /// The flag and the data, still shared: who takes them calls `unshare`.
    pub(crate) fn into_parts(self) -> (NonNull<T::Access>, NonNull<T>) {
        let payload = core::mem::ManuallyDrop::new(self).payload;
        // SAFETY: it points into the payload.
        let value = unsafe { NonNull::new_unchecked(payload.value()) };
        (NonNull::from(&payload.access), value)
    }
}

/// The data of an instance by the address of all data. None where there is none, or somebody has it
/// for himself.
///
/// # Safety
/// The address is that of the data of an instance of `T`, which lives as long as the borrow.
#[inline]
pub(crate) unsafe fn borrow_instance<'a, T: PyClass>(
    data: *mut core::ffi::c_void,
) -> Option<Ref<'a, T>> {
    // SAFETY: as promised by the caller, and zeroes are a payload.
    let payload = unsafe { super::layout::level::<T>(data).as_ref() }?;
    payload
        .is_usable()
        .then(|| Ref::new(payload).ok())
        .flatten()
}

impl<'a, T: PyClass> RefMut<'a, T> {
    #[inline(always)]
    fn new(object: &'a Handle<'_>) -> Result<Self> {
        let payload = payload::<T>(object)?;
        let owner = Owner::of(object);
        if T::HAS_FIELDS {
            owner.lends(object, payload)?;
        }
        if payload.access.lock() {
            Ok(Self {
                payload,
                owner,
                _here: PhantomData,
            })
        } else {
            if T::HAS_FIELDS {
                owner.has_back(payload);
            }
            Err(clash::<T>("already borrowed"))
        }
    }
}

/// The object of data that is borrowed exclusively. Where fields belong to objects, they do not
/// meanwhile: see `field`.
#[cfg(feature = "universal")]
#[derive(Clone, Copy)]
struct Owner {
    raw: crate::backend::RawContext,
    object: hpy_sys::HPy,
}

#[cfg(feature = "universal")]
impl Owner {
    #[inline(always)]
    fn of(object: &Handle<'_>) -> Self {
        Self {
            raw: object.ctx().raw,
            object: object.as_raw(),
        }
    }

    /// Before the borrow begins.
    #[inline(always)]
    fn lends<T: PyClass>(&self, object: &Handle<'_>, payload: &Payload<T>) -> Result<()> {
        if self.raw.is_direct() {
            return Ok(());
        }
        Self::lends_to_host(object, payload)
    }

    #[inline(never)]
    fn lends_to_host<T: PyClass>(object: &Handle<'_>, payload: &Payload<T>) -> Result<()> {
        if !payload.access.lock() {
            return Err(clash::<T>("already borrowed"));
        }
        payload.access.unlock();
        // SAFETY: `payload` is that of the object, initialised, and nobody has it for himself.
        unsafe { super::traverse::loosen(object, payload) }
    }

    /// After it has ended.
    #[inline(always)]
    fn has_back<T: PyClass>(&self, payload: &Payload<T>) {
        if self.raw.is_direct() {
            return;
        }
        // SAFETY: the handle that the borrow began with is open: the guard does not outlive it, nor
        // its context. The payload is its object's.
        unsafe {
            let ctx = crate::Context::from_raw(self.raw);
            super::traverse::bind(ctx, payload, self.object);
        }
    }
}

/// Fields are what they are, whoever borrows the data.
#[cfg(not(feature = "universal"))]
#[derive(Clone, Copy)]
struct Owner;

#[cfg(not(feature = "universal"))]
impl Owner {
    #[inline(always)]
    fn of(_: &Handle<'_>) -> Self {
        Self
    }

    #[inline(always)]
    fn lends<T: PyClass>(&self, _: &Handle<'_>, _: &Payload<T>) -> Result<()> {
        Ok(())
    }

    #[inline(always)]
    fn has_back<T: PyClass>(&self, _: &Payload<T>) {}
}

impl<T: PyClass> Deref for Ref<'_, T> {
    type Target = T;

    #[inline(always)]
    fn deref(&self) -> &T {
        // SAFETY: the data is initialised, and shared as long as `self` lives.
        unsafe { &*self.payload.value() }
    }
}

impl<T: PyClass> Drop for Ref<'_, T> {
    #[inline(always)]
    fn drop(&mut self) {
        let payload = core::ptr::from_ref(self.payload);
        // SAFETY: the data lives as long as the handle that was borrowed from, which is closed
        // after this.
        let unshare = move || unsafe { (*payload).access.unshare() };
        if let Some(unshare) = detached::put_off(unshare) {
            unshare();
        }
    }
}

impl<T: PyClass> Deref for RefMut<'_, T> {
    type Target = T;

    #[inline(always)]
    fn deref(&self) -> &T {
        // SAFETY: the data is initialised, and nobody else has it as long as `self` lives.
        unsafe { &*self.payload.value() }
    }
}

impl<T: PyClass> DerefMut for RefMut<'_, T> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: as above.
        unsafe { &mut *self.payload.value() }
    }
}

impl<T: PyClass> Drop for RefMut<'_, T> {
    #[inline(always)]
    fn drop(&mut self) {
        let (payload, owner) = (core::ptr::from_ref(self.payload), self.owner);
        let unlock = move || {
            // SAFETY: the data lives as long as the handle that was borrowed from, which is closed
            // after this.
            let payload = unsafe { &*payload };
            payload.access.unlock();
            if T::HAS_FIELDS {
                owner.has_back(payload);
            }
        };
        if let Some(unlock) = detached::put_off(unlock) {
            unlock();
        }
    }
}

impl<T: PyClass + core::fmt::Debug> core::fmt::Debug for Ref<'_, T> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        (**self).fmt(f)
    }
}

impl<T: PyClass + core::fmt::Debug> core::fmt::Debug for RefMut<'_, T> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        (**self).fmt(f)
    }
}

#[cold]
#[inline(never)]
fn clash<T: PyClass>(what: &str) -> Error {
    RuntimeError::new(crate::error::joined(&[T::DESCRIPTION.name, " is ", what]))
}

impl<'ctx, T: PyClass> Handle<'ctx, T> {
    /// The object's data, shared.
    ///
    /// # Errors
    /// RuntimeError if somebody has it for himself, TypeError if no constructor has made it.
    #[inline(always)]
    pub fn borrow(&self) -> Result<Ref<'_, T>> {
        borrow_out_of_line(self.as_object())
    }
}

impl<'ctx, T: NotFrozen> Handle<'ctx, T> {
    /// The object's data, for oneself.
    ///
    /// # Errors
    /// RuntimeError if anybody else has it, TypeError if no constructor has made it.
    #[inline(always)]
    pub fn borrow_mut(&self) -> Result<RefMut<'_, T>> {
        borrow_mut_out_of_line(self.as_object())
    }
}

impl<'ctx, T: PyClass<Access = Frozen>> Handle<'ctx, T> {
    /// The object's data, which nobody ever has for himself.
    ///
    /// # Errors
    /// TypeError if no constructor has made it.
    #[inline(always)]
    pub fn get(&self) -> Result<&T> {
        // SAFETY: the data is initialised, never borrowed exclusively, and lives as long as the
        // object.
        Ok(unsafe { &*payload_out_of_line::<T>(self.as_object())?.value() })
    }
}

impl<'a, 'ctx, T: PyClass> FromHandle<'a, 'ctx> for Ref<'a, T> {
    const IN_LINE: crate::convert::InLine = crate::convert::InLine::Short;
    const ANNOTATION: crate::Annotation = T::ANNOTATION;

    #[inline(always)]
    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        borrow_in_line(handle)
    }
}

impl<'a, 'ctx, T: NotFrozen> FromHandle<'a, 'ctx> for RefMut<'a, T> {
    const IN_LINE: crate::convert::InLine = crate::convert::InLine::Short;
    const ANNOTATION: crate::Annotation = T::ANNOTATION;

    #[inline(always)]
    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        borrow_mut_in_line(handle)
    }
}

/// The data, shared: in line.
#[inline(always)]
pub fn borrow_in_line<'a, T: PyClass>(this: &'a Handle<'_>) -> Result<Ref<'a, T>> {
    Ref::new(payload(this)?)
}

/// The data, for oneself: in line.
#[inline(always)]
pub fn borrow_mut_in_line<'a, T: NotFrozen>(this: &'a Handle<'_>) -> Result<RefMut<'a, T>> {
    RefMut::new(this)
}

/// The data, shared: by one function per type.
#[inline(never)]
pub fn borrow_out_of_line<'a, T: PyClass>(this: &'a Handle<'_>) -> Result<Ref<'a, T>> {
    borrow_in_line(this)
}

/// The data, for oneself: by one function per type.
#[inline(never)]
pub fn borrow_mut_out_of_line<'a, T: NotFrozen>(this: &'a Handle<'_>) -> Result<RefMut<'a, T>> {
    borrow_mut_in_line(this)
}

/// `this: &Handle<'ctx, Self>` of a method that is called with this object.
#[inline(always)]
pub fn receiver_handle<'a, 'ctx, T: HasMethods>(
    this: &'a Handle<'ctx>,
) -> Result<&'a Handle<'ctx, T>> {
    this.downcast()
}
