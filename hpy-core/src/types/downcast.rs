//! Handles that are known to be of a type.

use super::check::{Subtype, TypeCheck, TypeObject};
use crate::object::handle::Borrowed;
use crate::{Error, Handle, Result};
use core::ops::Deref;

impl<'ctx, T> Handle<'ctx, T> {
    /// Whether the object is a `U` (or of a subclass), without asking Python code.
    #[inline(always)]
    #[must_use]
    pub fn is_instance_of<U: TypeCheck>(&self) -> bool {
        U::check(self.as_object())
    }

    /// The same handle as one to a `U`, if the object is one.
    ///
    /// # Errors
    /// TypeError that names both types.
    ///
    /// ```
    /// # use hpy::prelude::*;
    /// fn count<'ctx>(object: &Handle<'ctx>) -> Result<usize> {
    ///     Ok(object.downcast::<List>()?.len())
    /// }
    /// # hpy_mock::run(|ctx| {
    /// #     assert_eq!(count(ctx.list([1, 2])?.as_object())?, 2);
    /// #     assert!(count(ctx.int(1)?.as_object()).is_err());
    /// #     Ok(())
    /// # });
    /// ```
    #[inline(always)]
    pub fn downcast<U: TypeCheck>(&self) -> Result<&Handle<'ctx, U>> {
        if self.is_instance_of::<U>() {
            // SAFETY: just checked.
            Ok(unsafe { self.downcast_unchecked() })
        } else {
            Err(wrong_type::<U>(self.as_object().by_value()))
        }
    }

    /// As [`downcast`](Self::downcast), for an owned handle.
    ///
    /// # Errors
    /// TypeError that names both types; the handle is closed then.
    #[inline(always)]
    pub fn downcast_into<U: TypeCheck>(self) -> Result<Handle<'ctx, U>> {
        if self.is_instance_of::<U>() {
            // SAFETY: just checked.
            Ok(unsafe { self.downcast_into_unchecked() })
        } else {
            Err(wrong_type::<U>(self.as_object().by_value()))
        }
    }

    /// As [`downcast`](Self::downcast), but refuses objects of subclasses. PyO3's `cast_exact`.
    ///
    /// # Errors
    /// TypeError that names both types.
    ///
    /// ```
    /// # use hpy::prelude::*;
    /// /// A `bool` is an `int` too, but not exactly.
    /// fn is_plain_int(object: &Handle<'_>) -> bool {
    ///     object.downcast_exact::<Int>().is_ok()
    /// }
    /// # hpy_mock::run(|ctx| {
    /// #     assert!(is_plain_int(ctx.int(1)?.as_object()));
    /// #     assert!(!is_plain_int(ctx.str("1")?.as_object()));
    /// #     Ok(())
    /// # });
    /// ```
    #[inline]
    pub fn downcast_exact<U: TypeObject>(&self) -> Result<&Handle<'ctx, U>> {
        exactly(self.as_object()).ok_or_else(|| U::wrong_type(self.as_object()))
    }

    /// The same handle as one to a `U`, if the object is one.
    #[cfg(feature = "universal")]
    #[inline]
    pub(crate) fn narrow<U: TypeCheck>(&self) -> Option<&Handle<'ctx, U>> {
        // SAFETY: just checked.
        self.is_instance_of::<U>()
            .then(|| unsafe { self.downcast_unchecked() })
    }

    /// "must be list, not int", which an argument's name is put before.
    #[cold]
    pub(crate) fn wrong_type(&self, expected: &'static str) -> Error {
        Error::wrong_type(expected.into(), self.as_object())
    }
}

/// A handle to a known type has the methods of any object too.
impl<'ctx, T: Subtype> Deref for Handle<'ctx, T> {
    type Target = Handle<'ctx>;

    #[inline(always)]
    fn deref(&self) -> &Handle<'ctx> {
        self.as_object()
    }
}

/// Out of line, so that where it is called there is little code for it.
#[cold]
#[inline(never)]
#[allow(improper_ctypes_definitions)] // so it is known not to unwind
extern "C" fn wrong_type<U: TypeCheck>(object: Borrowed<'_, '_>) -> Error {
    U::wrong_type(&object)
}

/// The object as a `T`, if its type is that and no subclass.
pub(crate) fn exactly<'a, 'ctx, T: TypeObject>(
    handle: &'a Handle<'ctx>,
) -> Option<&'a Handle<'ctx, T>> {
    let is_exact = handle.is_instance_of::<T>() && handle.is_exact_instance_of::<T>();
    // SAFETY: just checked.
    is_exact.then(|| unsafe { handle.downcast_unchecked() })
}
