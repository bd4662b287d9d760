//! Python's awaitables, awaited in Rust.

use hpy::prelude::*;
use std::future::{Future, IntoFuture};
use std::pin::pin;
use std::task::Poll;

/// The result of an awaitable.
#[hpy_method]
pub async fn wait(awaitable: Persistent) -> Result<Persistent> {
    awaitable.await
}

/// The results of two awaitables that run at the same time.
#[hpy_method]
pub async fn wait_two(first: Persistent, second: Persistent) -> Result<(Persistent, Persistent)> {
    let (mut first, mut second) = (pin!(first.into_future()), pin!(second.into_future()));
    let (mut one, mut two) = (None, None);
    std::future::poll_fn(|task| {
        if one.is_none()
            && let Poll::Ready(result) = first.as_mut().poll(task)
        {
            one = Some(result?);
        }
        if two.is_none()
            && let Poll::Ready(result) = second.as_mut().poll(task)
        {
            two = Some(result?);
        }
        match (one.take(), two.take()) {
            (Some(one), Some(two)) => Poll::Ready(Ok((one, two))),
            others => {
                (one, two) = others;
                Poll::Pending
            }
        }
    })
    .await
}

/// Starts an awaitable, and returns without its result: it is cancelled.
#[hpy_method]
pub async fn started(awaitable: Persistent) -> Result<()> {
    drop(awaitable.attach(|awaitable| awaitable.into_future())?);
    Ok(())
}

/// The exception of an awaitable, if it has one.
#[hpy_method]
pub async fn guarded_wait(awaitable: Persistent) -> Result<Option<Persistent>> {
    match awaitable.await {
        Ok(_) => Ok(None),
        Err(error) => hpy::attach(|ctx| Persistent::new(&error.into_value(ctx)?).map(Some))?,
    }
}

/// The result of an awaitable that another thread has waited for.
#[hpy_method]
pub async fn result_on_thread(awaitable: Persistent) -> Result<Persistent> {
    let started = awaitable.attach(|awaitable| awaitable.into_future())?;
    super::threads::on_thread(started).await
}

/// Sleeps, as Python does.
#[hpy_method]
pub async fn nap(seconds: f64) -> Result<()> {
    let sleep = hpy::attach(|ctx| {
        let asyncio = ctx.import("asyncio")?;
        asyncio.call_method1("sleep", (seconds,))?.into_future()
    })??;
    sleep.await?;
    Ok(())
}
