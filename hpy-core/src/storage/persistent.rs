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
#[derive(Debug)]
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

    /// A handle to the object, for this call.
    ///
    /// # Errors
    /// RuntimeError in another interpreter than the one it was made in, also where that has ended.
    pub fn get<'ctx>(&self, ctx: Context<'ctx>) -> Result<Handle<'ctx, T>> {
        let raw = self.kept.get(ctx)?;
        // SAFETY: a new handle to the object that was a `T` when it was kept.
        Ok(unsafe { Handle::from_raw_unchecked(ctx, raw) })
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
