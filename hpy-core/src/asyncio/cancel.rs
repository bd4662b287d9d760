//! `CancelHandle`: how an `async fn` sees that it is cancelled.

use super::answer::Answer;
use crate::Error;
use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::sync::{Arc, Weak};

/// How an `async fn` sees that it is cancelled. PyO3's `CancelHandle`.
///
/// Python cancels a coroutine by an exception that it throws into it, usually
/// `asyncio.CancelledError`. Without a handle, the future is dropped where it waits, and the
/// exception goes on to whoever awaited it. An `async fn` with a parameter of this type gets the
/// exception here, and goes on until it returns. Python does not pass the parameter.
///
/// ```
/// use hpy::asyncio::CancelHandle;
/// use hpy::prelude::*;
///
/// /// Waits until it is cancelled, and says goodbye before it is.
/// #[hpy_method]
/// async fn serve(mut cancel: CancelHandle) -> Result<()> {
///     let reason = cancel.cancelled().await;
///     println!("goodbye");
///     Err(reason)
/// }
/// ```
///
/// A function that returns a value in place of the exception was not cancelled. Python code that
/// waits for the cancellation sees the value.
///
/// If the function has dropped the handle, it is cancelled as one without.
#[derive(Debug)]
pub struct CancelHandle(Arc<Answer<Error>>);

impl CancelHandle {
    /// That of a new coroutine.
    #[doc(hidden)]
    #[allow(clippy::new_without_default)]
    #[must_use]
    #[inline]
    pub fn new() -> Self {
        Self(Arc::default())
    }

    /// The coroutine's end.
    #[doc(hidden)]
    #[must_use]
    #[inline]
    pub fn canceller(&self) -> Canceller {
        Canceller(Arc::downgrade(&self.0))
    }

    /// Waits until an exception is thrown into the coroutine. Returned as an error, the exception
    /// goes on to whoever awaited the coroutine. PyO3's `CancelHandle::cancelled`.
    ///
    /// If several are thrown before this is polled, it is the last.
    #[inline]
    pub fn cancelled(&mut self) -> Cancelled<'_> {
        Cancelled(self)
    }

    /// Whether an exception was thrown that [`cancelled`](Self::cancelled) has not returned yet.
    #[must_use]
    #[inline]
    pub fn is_cancelled(&self) -> bool {
        self.0.is_there()
    }
}

/// What [`CancelHandle::cancelled`] returns.
#[derive(Debug)]
#[must_use = "a future does nothing unless it is awaited"]
pub struct Cancelled<'a>(&'a CancelHandle);

impl Future for Cancelled<'_> {
    type Output = Error;

    #[inline]
    fn poll(self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Error> {
        self.0.0.poll(task)
    }
}

/// The coroutine's end of a handle.
#[doc(hidden)]
#[derive(Debug)]
pub struct Canceller(Weak<Answer<Error>>);

impl Canceller {
    /// Gives the handle the exception; gives it back if the handle was dropped.
    #[inline]
    pub(super) fn throw(&self, error: Error) -> Result<(), Error> {
        match self.0.upgrade() {
            Some(thrown) => {
                thrown.give(error);
                Ok(())
            }
            None => Err(error),
        }
    }
}
