//! Cancellation: futures that are dropped, and those that are told.

use hpy::asyncio::CancelHandle;
use hpy::prelude::*;
use std::future::pending;

/// Calls a function when it is dropped.
struct AtEnd(Persistent);

impl Drop for AtEnd {
    fn drop(&mut self) {
        let called = self.0.attach(|function| function.call0().map(drop));
        called.unwrap_or_else(|error| eprintln!("{error}"));
    }
}

/// Waits for ever, and calls a function when it is dropped.
#[hpy_method]
pub async fn drops_call(function: Persistent) {
    let _at_end = AtEnd(function);
    pending::<()>().await;
}

/// Waits until it is cancelled; the exception goes on.
#[hpy_method]
pub async fn lasts(mut cancel: CancelHandle) -> Result<()> {
    Err(cancel.cancelled().await)
}

/// Waits until it is cancelled, awaits something then, and the exception goes on.
#[hpy_method]
pub async fn cleans_up(cleanup: Persistent, mut cancel: CancelHandle) -> Result<()> {
    let error = cancel.cancelled().await;
    cleanup.await?;
    Err(error)
}

/// Does not mind so many cancellations.
#[hpy_method]
pub async fn ignores(count: u32, mut cancel: CancelHandle) -> Result<Vec<Persistent>> {
    let mut reasons = Vec::new();
    for _ in 0..count {
        let error = cancel.cancelled().await;
        reasons.push(hpy::attach(|ctx| {
            Persistent::new(&error.into_value(ctx)?)
        })??);
    }
    Ok(reasons)
}

/// Waits for ever, with a handle that was dropped.
#[hpy_method]
pub async fn without_handle(cancel: CancelHandle) {
    drop(cancel);
    pending::<()>().await;
}

/// Sees that it was cancelled when it is woken next.
#[hpy_method]
pub async fn sees_it(awaitable: Persistent, cancel: CancelHandle) -> Result<bool> {
    awaitable.await?;
    Ok(cancel.is_cancelled())
}
