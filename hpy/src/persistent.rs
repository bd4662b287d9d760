//! `Persistent`: a reference that outlives the call it was made in.

use crate::abi::Kept;
use crate::types::{Object, TypeCheck};
use crate::{Context, Global, Handle, Result};
use core::marker::PhantomData;
use core::sync::atomic::{AtomicBool, Ordering};
use std::sync::Mutex;

/// Where the universal ABI keeps what outlives a call: a dict that every module declares as a global.
#[doc(hidden)]
pub static REGISTRY: &crate::global::AnyGlobal = OBJECTS.as_untyped();
static OBJECTS: Global = Global::new();

/// An owned reference that outlives the call it was made in, PyO3's `Py<T>`.
///
/// It has no context, so it can be stored in Rust data and sent to threads; [`get`](Self::get) makes a
/// handle for the current call. Dropped where the interpreter can't be used (on another thread, while
/// detached), the object is released when the current or the next call from Python ends.
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
/// # hpy::mock::run(|ctx| {
/// #     hpy::mock::method::<set_callback>(ctx).call1((ctx.builtins().get_item("len")?,))?;
/// #     let kept = CALLBACK.lock().unwrap().take();
/// #     let callback = kept.map(|kept| kept.get(ctx)).transpose()?;
/// #     assert!(callback.is_some_and(|callback| callback.is_callable()));
/// #     Ok(())
/// # });
/// ```
#[derive(Debug)]
pub struct Persistent<T = Object> {
    kept: Kept,
    _type: PhantomData<fn() -> T>,
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
    /// RuntimeError in another interpreter than the one it was made in.
    pub fn get<'ctx>(&self, ctx: Context<'ctx>) -> Result<Handle<'ctx, T>> {
        let raw = self.kept.get(ctx)?;
        // SAFETY: a new handle to the object that was a `T` when it was kept.
        Ok(unsafe { Handle::from_raw_unchecked(ctx, raw) })
    }
}

impl<'ctx, T> crate::IntoHandle<'ctx> for &Persistent<T> {
    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        self.get(ctx).map(Handle::into_object)
    }
}

impl<'a, 'ctx, T: TypeCheck> crate::FromHandle<'a, 'ctx> for Persistent<T> {
    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        Persistent::new(handle.downcast::<T>()?)
    }
}

/// What was dropped where it could not be released.
static WAITING: Mutex<Vec<crate::abi::Release>> = Mutex::new(Vec::new());
static ANY_WAITING: AtomicBool = AtomicBool::new(false);

/// Whether an entry should call [`release_waiting`].
#[inline(always)]
pub(crate) fn releases_wait() -> bool {
    ANY_WAITING.load(Ordering::Relaxed)
}

/// Leaves a release to the end of an entry.
#[cold]
pub(crate) fn release_later(release: crate::abi::Release) {
    let mut waiting = WAITING
        .lock()
        .unwrap_or_else(|poisoned| poisoned.into_inner());
    waiting.push(release);
    ANY_WAITING.store(true, Ordering::Release);
}

/// Releases what was dropped since the last entry. Runs finalizers, so nothing is locked meanwhile.
#[cold]
#[inline(never)]
pub(crate) fn release_waiting(ctx: Context<'_>) {
    let waiting = {
        let mut waiting = WAITING
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner());
        ANY_WAITING.store(false, Ordering::Release);
        core::mem::take(&mut *waiting)
    };
    for release in waiting {
        if let Some(of_another_runtime) = release.now(ctx) {
            release_later(of_another_runtime);
        }
    }
}
