//! Coroutines made of futures.

use super::cancel::Canceller;
use super::coroutine::{Coroutine, Name};
use crate::class::IntoNext;
use crate::convert::InLine;
use crate::entry::guard::IntoReturn;
use crate::exceptions::StopAsyncIteration;
use crate::{Annotation, Context, Handle, Result};
use core::future::Future;

impl<'ctx> Context<'ctx> {
    /// A coroutine that runs a future, as calling an `async fn` with `#[hpy_method]` makes one.
    /// `future_into_py` of pyo3-async-runtimes.
    ///
    /// The future is polled on the thread of the event loop, by whoever awaits the object. `name`
    /// is the coroutine's `__name__` and `__qualname__`.
    ///
    /// ```
    /// use hpy::prelude::*;
    ///
    /// /// Two coroutines, made by an ordinary function.
    /// #[hpy_method]
    /// fn both<'ctx>(ctx: Context<'ctx>) -> Result<(Handle<'ctx>, Handle<'ctx>)> {
    ///     Ok((ctx.coroutine("one", async { 1 })?, ctx.coroutine("two", async { 2 })?))
    /// }
    /// ```
    ///
    /// # Errors
    /// MemoryError.
    pub fn coroutine<F>(self, name: &str, future: F) -> Result<Handle<'ctx>>
    where
        F: Future + Send + 'static,
        F::Output: for<'c> IntoReturn<'c>,
    {
        Coroutine::make(self, Name::Made(name.into()), None, Box::pin(future))
    }
}

/// What an `async fn` returns to Python.
pub fn coroutine<'ctx, F>(
    ctx: Context<'ctx>,
    name: &'static str,
    cancel: Option<Canceller>,
    future: F,
) -> Result<Handle<'ctx>>
where
    F: Future + Send + 'static,
    F::Output: for<'c> IntoReturn<'c>,
{
    Coroutine::make(ctx, Name::Written(name), cancel, Box::pin(future))
}

/// What an `async fn __anext__` returns to Python. None ends the iteration.
pub fn coroutine_of_next<'ctx, F>(
    ctx: Context<'ctx>,
    name: &'static str,
    cancel: Option<Canceller>,
    future: F,
) -> Result<Handle<'ctx>>
where
    F: Future + Send + 'static,
    F::Output: for<'c> IntoNext<'c>,
{
    coroutine(ctx, name, cancel, async move { Item(future.await) })
}

/// What an `__anext__` returned.
struct Item<V>(V);

impl<'ctx, V: IntoNext<'ctx>> IntoReturn<'ctx> for Item<V> {
    const ANNOTATION: Annotation = V::ANNOTATION;
    const IN_LINE: InLine = InLine::Never;

    #[inline]
    fn into_return(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        let item = self.0.into_next(ctx)?;
        item.ok_or_else(|| StopAsyncIteration::new(()))
    }

    #[inline]
    fn into_return_in_line(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        self.into_return(ctx)
    }
}
