//! `Handle`: an owned reference to a Python object.

use crate::object::context::Context;
use crate::object::variance::Invariant;
use crate::types::markers::Object;
use core::marker::PhantomData;
use core::mem::ManuallyDrop;
use core::num::NonZeroIsize;
use core::ops::Deref;
use hpy_sys::*;

/// An owned reference to a Python object, known to be a `T`. HPy's `HPy`.
///
/// It closes itself when dropped. There is no `Clone`: a second handle is made by
/// [`dup`](Self::dup). There is no `PartialEq`: [`is`](Self::is) compares identity,
/// [`eq`](Self::eq) asks Python. It stays on its thread and in its call.
///
/// Arguments arrive as `&Handle<'ctx>`: they belong to the caller, so they can't be closed or kept.
/// A handle that is returned is given to the caller.
///
/// `T` brings the methods of a type, such as [`List`](crate::types::List) or
/// [`Dict`](crate::types::Dict). Every handle has those of any object.
///
/// ```
/// use hpy::exceptions::IndexError;
/// use hpy::prelude::*;
///
/// #[hpy_method]
/// fn first<'ctx>(list: &Handle<'ctx, List>) -> Result<Handle<'ctx>> {
///     if list.is_empty() {
///         return Err(IndexError::new("the list is empty"));
///     }
///     list.get_item(0)
/// }
/// # hpy_mock::run(|ctx| {
/// #     let first = hpy_mock::method::<first>(ctx);
/// #     assert_eq!(first.call1((["a", "b"],))?.to_string(), "a");
/// #     assert!(first.call1(([0; 0],)).is_err());
/// #     Ok(())
/// # });
/// ```
///
/// Handles are not compared by `==`:
///
/// ```compile_fail,E0369
/// fn same<'ctx>(a: &hpy::Handle<'ctx>, b: &hpy::Handle<'ctx>) -> bool {
///     *a == *b
/// }
/// ```
// In the CPython ABI it is one word, and its layout that word's: a `Result` of it is returned in
// registers then, which one of a `repr(C)` is not.
#[cfg_attr(not(feature = "universal"), repr(transparent))]
#[cfg_attr(feature = "universal", repr(C))]
pub struct Handle<'ctx, T = Object> {
    raw: NonZeroIsize,
    ctx: Context<'ctx>,
    _type: Invariant<T>,
}

impl<'ctx, T> Handle<'ctx, T> {
    /// # Safety
    /// `raw` is null or an open handle of the context that nobody else closes; its object is a `T`.
    #[inline(always)]
    pub(crate) unsafe fn from_raw(ctx: Context<'ctx>, raw: HPy) -> Option<Self> {
        #[cfg(feature = "debug-handles")]
        if raw._i != 0 {
            super::open_handles::made(raw);
        }
        NonZeroIsize::new(raw._i).map(|raw| Self {
            raw,
            ctx,
            _type: PhantomData,
        })
    }

    /// # Safety
    /// As for `from_raw`, and not null.
    #[inline(always)]
    pub(crate) unsafe fn from_raw_unchecked(ctx: Context<'ctx>, raw: HPy) -> Self {
        #[cfg(feature = "debug-handles")]
        super::open_handles::made(raw);
        // SAFETY: as promised by the caller.
        unsafe { Self::not_dropped(ctx, raw) }
    }

    /// A handle that is not dropped, or in place of one that was not.
    ///
    /// # Safety
    /// As for `from_raw`, and not null.
    #[inline(always)]
    #[allow(clippy::transmute_int_to_non_zero)]
    pub(crate) unsafe fn not_dropped(ctx: Context<'ctx>, raw: HPy) -> Self {
        Self {
            // SAFETY: the caller promises that it is not null. Not by `new_unchecked`, of which
            // every method would have a copy to be simplified.
            raw: unsafe { core::mem::transmute::<isize, NonZeroIsize>(raw._i) },
            ctx,
            _type: PhantomData,
        }
    }

    /// The handle as the raw layer wants it: open as long as `self` lives, not to be closed.
    #[inline(always)]
    #[must_use]
    pub fn as_raw(&self) -> HPy {
        self.ctx.assert_attached();
        HPy { _i: self.raw.get() }
    }

    /// The handle as the raw layer wants it, to be closed by whoever takes it.
    #[inline(always)]
    #[must_use = "the handle stays open until the raw one is closed"]
    pub fn into_raw(self) -> HPy {
        #[cfg(feature = "debug-handles")]
        super::open_handles::gone(self.as_raw());
        ManuallyDrop::new(self).as_raw()
    }

    /// The context of the call that this handle belongs to.
    #[inline(always)]
    #[must_use]
    pub fn ctx(&self) -> Context<'ctx> {
        self.ctx
    }

    /// A second handle to the same object. HPy's `HPy_Dup`.
    #[inline(always)]
    #[must_use = "a handle that is not used is closed at once"]
    pub fn dup(&self) -> Self {
        // SAFETY: a duplicate of an open handle is an open handle that we own.
        unsafe { Self::from_raw_unchecked(self.ctx, HPy_Dup(self.ctx.as_ptr(), self.as_raw())) }
    }

    /// The same handle, as one to any object.
    #[inline(always)]
    #[must_use]
    pub fn into_object(self) -> Handle<'ctx> {
        let raw = ManuallyDrop::new(self);
        // SAFETY: the handle is given on, and everything is an object.
        unsafe { Handle::not_dropped(raw.ctx, raw.as_raw()) }
    }

    /// The same handle, as one to any object.
    #[inline(always)]
    #[must_use]
    pub fn as_object(&self) -> &Handle<'ctx> {
        // SAFETY: everything is an object.
        unsafe { self.downcast_unchecked() }
    }

    /// The same handle, taken to be a `U`.
    ///
    /// # Safety
    /// The object is a `U`.
    #[inline(always)]
    #[must_use]
    pub unsafe fn downcast_unchecked<U>(&self) -> &Handle<'ctx, U> {
        // SAFETY: `T` occurs in a `PhantomData` only, the struct is `repr(C)` or transparent; that
        // the object is a `U` is the caller's promise.
        unsafe { &*(&raw const *self).cast::<Handle<'ctx, U>>() }
    }

    /// The same handle, taken to be a `U`.
    ///
    /// # Safety
    /// The object is a `U`.
    #[inline(always)]
    #[must_use]
    pub unsafe fn downcast_into_unchecked<U>(self) -> Handle<'ctx, U> {
        let raw = ManuallyDrop::new(self);
        // SAFETY: the handle is given on; that the object is a `U` is the caller's promise.
        unsafe { Handle::not_dropped(raw.ctx, raw.as_raw()) }
    }
}

impl<T> Drop for Handle<'_, T> {
    #[inline(always)]
    fn drop(&mut self) {
        #[cfg(feature = "debug-handles")]
        super::open_handles::gone(self.as_raw());
        #[cfg(debug_assertions)]
        if is_closed_later(self.ctx.raw, self.raw) {
            return;
        }
        // SAFETY: the handle is ours, open, and not used again.
        unsafe { HPy_Close(self.ctx.as_ptr(), self.as_raw()) }
    }
}

/// Leaves it to the end of `detach`, if the thread is detached.
#[cfg(debug_assertions)]
fn is_closed_later(ctx: crate::backend::RawContext, raw: NonZeroIsize) -> bool {
    let close = move || {
        // SAFETY: the handle is the one that is dropped, and `detach` is a part of its call, whose
        // context is valid still.
        unsafe { HPy_Close(ctx.as_ptr(), HPy { _i: raw.get() }) }
    };
    crate::thread::detached::put_off(close).is_none()
}

/// A handle that belongs to somebody else, for as long as `'a`: an item of [`Args`](crate::Args).
/// PyO3's `Borrowed`.
///
/// It is a `&Handle` in all but its type. `dup()` makes a handle of one's own.
pub struct Borrowed<'a, 'ctx, T = Object> {
    handle: ManuallyDrop<Handle<'ctx, T>>,
    _owner: PhantomData<&'a ()>,
}

impl<'a, 'ctx> Borrowed<'a, 'ctx> {
    /// # Safety
    /// `raw` is an open handle of the context, not null, and stays open for `'a`.
    #[inline(always)]
    pub(crate) unsafe fn new(ctx: Context<'ctx>, raw: HPy) -> Self {
        // SAFETY: as promised by the caller; `ManuallyDrop` keeps us from closing it.
        let handle = unsafe { Handle::not_dropped(ctx, raw) };
        Self {
            handle: ManuallyDrop::new(handle),
            _owner: PhantomData,
        }
    }
}

impl<'ctx, T> Handle<'ctx, T> {
    /// The same handle, for functions that are rarely called.
    #[inline(always)]
    pub(crate) fn rarely(&self) -> Borrowed<'_, 'ctx, T> {
        self.borrowed(self.ctx.rarely())
    }

    /// The same handle by value, for functions out of line. A reference to a handle would need a
    /// place on the stack to point to.
    #[inline(always)]
    pub(crate) fn by_value(&self) -> Borrowed<'_, 'ctx, T> {
        self.borrowed(self.ctx)
    }

    #[inline(always)]
    fn borrowed(&self, ctx: Context<'ctx>) -> Borrowed<'_, 'ctx, T> {
        // SAFETY: open as long as `self` is borrowed. `ManuallyDrop` keeps it from being closed.
        let handle = unsafe { Handle::not_dropped(ctx, self.as_raw()) };
        Borrowed {
            handle: ManuallyDrop::new(handle),
            _owner: PhantomData,
        }
    }
}

impl<'ctx, T> Deref for Borrowed<'_, 'ctx, T> {
    type Target = Handle<'ctx, T>;

    #[inline(always)]
    fn deref(&self) -> &Handle<'ctx, T> {
        &self.handle
    }
}

impl<'ctx> Context<'ctx> {
    /// A new handle to a constant of the context.
    ///
    /// # Safety
    /// `raw` is a constant of the context (never null) whose object is a `T`.
    #[inline(always)]
    pub(crate) unsafe fn constant<T>(self, raw: HPy) -> Handle<'ctx, T> {
        // SAFETY: a duplicate of a live handle is a live handle that we own.
        unsafe { Handle::from_raw_unchecked(self, HPy_Dup(self.as_ptr(), raw)) }
    }

    /// The same of a constant that is the only object of its type.
    ///
    /// # Safety
    /// `raw` is None, NotImplemented or Ellipsis, and its object is a `T`.
    #[inline(always)]
    pub(crate) unsafe fn singleton<T>(self, raw: HPy) -> Handle<'ctx, T> {
        // SAFETY: as above.
        unsafe { Handle::from_raw_unchecked(self, dup_singleton(self.as_ptr(), raw)) }
    }
}
