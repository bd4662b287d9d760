//! What a `Persistent` does where the thread is attached, or attaches for.

use super::attach::attach;
use crate::backend::{self, Access, RawContext};
use crate::error::Interrupted;
use crate::{Context, Handle, Persistent, Result};
use core::fmt;

impl<T> Persistent<T> {
    /// Attaches the thread, and calls `work` with a handle to the object.
    ///
    /// # Errors
    /// Those of [`attach`](fn@crate::attach), of [`get`](Self::get) and of `work`.
    ///
    /// ```no_run
    /// use hpy::prelude::*;
    ///
    /// /// A callback that Rust code can call from anywhere.
    /// struct Callback(Persistent);
    ///
    /// impl Callback {
    ///     fn call(&self, number: i64) -> Result<i64> {
    ///         self.0.attach(|function| function.call1((number,))?.extract())
    ///     }
    /// }
    ///
    /// #[hpy_method]
    /// fn call_twice(function: Persistent) -> Result<i64> {
    ///     let callback = Callback(function);
    ///     callback.call(callback.call(1)?)
    /// }
    /// ```
    pub fn attach<R>(
        &self,
        work: impl for<'ctx> FnOnce(Handle<'ctx, T>) -> Result<R>,
    ) -> Result<R> {
        attach(|ctx| work(self.get(ctx)?))?
    }
}

/// The object's `repr`, where the thread is attached. Otherwise the thread does not wait for the
/// interpreter, and it is `<kept object>`. While the thread panics, no Python code is run, as for
/// handles.
impl<T> fmt::Debug for Persistent<T> {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Access::Now(raw) = backend::access() {
            // SAFETY: the thread may use the context just now, and nothing that it is attached by
            // ends before `show`.
            return unsafe { show(self, raw, f) };
        }
        f.write_str("<kept object>")
    }
}

/// # Safety
/// The context is valid on this thread until the function returns.
unsafe fn show<T>(
    kept: &Persistent<T>,
    raw: RawContext,
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    // SAFETY: as promised by the caller; nothing of the context leaves the function.
    let ctx = unsafe { Context::from_raw(raw) };
    let _interrupted = Interrupted::new(ctx);
    match kept.get(ctx) {
        Ok(object) => fmt::Debug::fmt(&object, f),
        Err(_) => f.write_str("<kept object>"),
    }
}
