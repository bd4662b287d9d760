//! `Persistent`: a reference that outlives the call it was made in.

use crate::backend::Kept;
use crate::object::variance::Invariant;
use crate::types::{Object, TypeCheck};
use crate::{Context, Handle, Result};
use core::marker::PhantomData;

/// An owned reference that outlives the call it was made in, PyO3's `Py<T>`.
///
/// It has no context, so it can be stored in Rust data and sent to threads; [`get`](Self::get)
/// makes a handle for the current call. Dropped where the interpreter can't be used (on another
/// thread, while detached), the object is released when the current or the next call from Python
/// ends.
///
/// It belongs to the interpreter that it was made in: another one of the process can drop it, but
/// not get the object.
///
/// ```
/// use hpy::prelude::*;
/// use std::sync::Mutex;
///
/// static CALLBACK: Mutex<Option<Persistent>> = Mutex::new(None);
///
/// #[hpy_method]
/// fn set_callback(function: &Handle<'_>) -> Result<()> {
///     let function = Persistent::new(function)?;
///     let before = CALLBACK.lock().unwrap_or_else(|e| e.into_inner()).replace(function);
///     drop(before);
///     Ok(())
/// }
/// # hpy_mock::run(|ctx| {
/// #     hpy_mock::method::<set_callback>(ctx).call1((ctx.builtins().get_item("len")?,))?;
/// #     let kept = CALLBACK.lock().unwrap().take();
/// #     let callback = kept.map(|kept| kept.get(ctx)).transpose()?;
/// #     assert!(callback.is_some_and(|callback| callback.is_callable()));
/// #     Ok(())
/// # });
/// ```
pub struct Persistent<T = Object> {
    kept: Kept,
    _type: Invariant<T>,
}

impl<T> Persistent<T> {
    /// Keeps the object of `handle`.
    ///
    /// # Errors
    /// MemoryError.
    pub fn new(handle: &Handle<'_, T>) -> Result<Self> {
        Ok(Self {
            kept: Kept::new(handle.ctx(), handle.as_raw())?,
            _type: PhantomData,
        })
    }

    /// What keeps the object.
    pub(crate) fn into_kept(self) -> Kept {
        self.kept
    }

    /// The same, as one of any object.
    pub(crate) fn into_untyped(self) -> Persistent {
        Persistent {
            kept: self.kept,
            _type: PhantomData,
        }
    }

    /// A handle to the object, for this call. PyO3's `Py::bind`.
    ///
    /// # Errors
    /// RuntimeError in another interpreter than the one it was made in, also where that has ended.
    /// So it never fails in a module for [one interpreter](crate#several-interpreters) in the
    /// CPython ABI. A host's context looks the object up, which takes memory for a moment:
    /// MemoryError.
    pub fn get<'ctx>(&self, ctx: Context<'ctx>) -> Result<Handle<'ctx, T>> {
        let raw = self.kept.get(ctx)?;
        // SAFETY: a new handle to the object that was a `T` when it was kept.
        Ok(unsafe { Handle::from_raw_unchecked(ctx, raw) })
    }

    /// Keeps the same object once more. PyO3's `Py::clone_ref`.
    ///
    /// # Errors
    /// Those of [`get`](Self::get) and [`new`](Self::new).
    ///
    /// ```
    /// use hpy::prelude::*;
    ///
    /// #[hpy_method]
    /// fn twice(ctx: Context<'_>, object: Persistent) -> Result<Vec<Persistent>> {
    ///     Ok(vec![object.dup(ctx)?, object])
    /// }
    /// # hpy_mock::run(|ctx| {
    /// #     let both = hpy_mock::method::<twice>(ctx).call1((ctx.none(),))?;
    /// #     assert_eq!(both.downcast::<hpy::types::List>()?.len(), 2);
    /// #     Ok(())
    /// # });
    /// ```
    pub fn dup(&self, ctx: Context<'_>) -> Result<Self> {
        Self::new(&self.get(ctx)?)
    }

    /// Whether both are the same object, as Python's `is`. To compare without a context, see
    /// [`ByIdentity`](crate::ByIdentity).
    ///
    /// # Errors
    /// Those of [`get`](Self::get).
    pub fn is<U>(&self, ctx: Context<'_>, other: &Persistent<U>) -> Result<bool> {
        Ok(self.get(ctx)?.is(&other.get(ctx)?))
    }
}

impl<'ctx, T: TypeCheck> crate::IntoHandle<'ctx> for &Persistent<T> {
    const ANNOTATION: crate::Annotation = T::ANNOTATION.of_result();

    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        self.get(ctx).map(Handle::into_object)
    }
}

impl<'ctx, T: TypeCheck> crate::IntoHandle<'ctx> for Persistent<T> {
    const ANNOTATION: crate::Annotation = T::ANNOTATION.of_result();

    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        self.get(ctx).map(Handle::into_object)
    }
}

impl<'a, 'ctx, T: TypeCheck> crate::FromHandle<'a, 'ctx> for Persistent<T> {
    const ANNOTATION: crate::Annotation = T::ANNOTATION;

    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        Persistent::new(handle.downcast::<T>()?)
    }
}
