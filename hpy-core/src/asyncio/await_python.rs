//! Python's awaitables in Rust: `object.await`.

use super::answer::Answer;
use super::bell::{Bell, running_loop};
use crate::exceptions::RuntimeError;
use crate::storage::lookup::Lookup;
use crate::types::Object;
use crate::{Handle, Persistent, Result};
use core::any::Any;
use core::future::{Future, IntoFuture};
use core::pin::Pin;
use core::task::{self, Poll};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;

static ENSURE_FUTURE: Lookup = Lookup::new(c"asyncio:ensure_future");
static CURRENT_TASK: Lookup = Lookup::new(c"asyncio:current_task");

/// Waits for an awaitable of Python: a coroutine, a task, a future, any object with `__await__`.
///
/// A [`Persistent`](crate::Persistent) becomes one by `.await`:
///
/// ```
/// use hpy::prelude::*;
///
/// /// The result of an awaitable, doubled.
/// #[hpy_method]
/// async fn doubled(awaitable: Persistent) -> Result<i64> {
///     let result = awaitable.await?;
///     let number: i64 = result.attach(|result| result.extract())?;
///     Ok(2 * number)
/// }
/// ```
///
/// The awaitable runs as a task of the running event loop, beside the coroutine. It is started at
/// the first poll. [`Handle::into_future`](crate::Handle::into_future) starts it at once. Several
/// run at the same time if they are joined, as by the macros of the crate `futures`.
///
/// The result is kept as a `Persistent`. An exception of the awaitable is the error, and a panic of
/// Rust code in it goes on.
///
/// Dropped before there is a result, as where the coroutine is cancelled, it cancels the task: as
/// `await` does.
#[must_use = "a future does nothing unless it is awaited"]
pub struct Awaiting(State);

enum State {
    Start(Persistent),
    Waits(Task),
    Done,
}

/// A task of `asyncio` that will tell.
struct Task {
    answer: Arc<Answer<Outcome>>,
    task: Persistent,
    bell: Arc<Bell>,
}

enum Outcome {
    Result(Result<Persistent>),
    Panic(Box<dyn Any + Send>),
}

impl<T> IntoFuture for Persistent<T> {
    type Output = Result<Persistent>;
    type IntoFuture = Awaiting;

    #[inline]
    fn into_future(self) -> Awaiting {
        Awaiting(State::Start(self.into_untyped()))
    }
}

impl Handle<'_, Object> {
    /// Starts an awaitable as a task of the running event loop. The result may be awaited on any
    /// thread. `into_future` of pyo3-async-runtimes.
    ///
    /// ```
    /// use hpy::prelude::*;
    ///
    /// /// Sleeps, as Python does.
    /// #[hpy_method]
    /// async fn nap(seconds: f64) -> Result<()> {
    ///     let sleep = hpy::attach(|ctx| {
    ///         let asyncio = ctx.import("asyncio")?;
    ///         asyncio.call_method1("sleep", (seconds,))?.into_future()
    ///     })??;
    ///     sleep.await?;
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    /// RuntimeError where no event loop runs on this thread, and for the running task. TypeError if
    /// the object is not awaitable. ValueError if it is a future of another event loop.
    #[inline]
    pub fn into_future(&self) -> Result<Awaiting> {
        Task::start(self).map(|task| Awaiting(State::Waits(task)))
    }
}

impl Task {
    #[inline]
    fn start(awaitable: &Handle<'_>) -> Result<Self> {
        let ctx = awaitable.ctx();
        let event_loop = running_loop(ctx)?;
        let bell = Bell::of(&event_loop)?;
        // Of another loop's future nobody here would be told.
        let ensure_future = ENSURE_FUTURE.get(ctx)?;
        let task = ensure_future.call((awaitable,), [("loop", &event_loop)])?;
        // A task is its own awaitable. One that waits for itself would never go on.
        if task.is(awaitable) && CURRENT_TASK.get(ctx)?.call0()?.is(&task) {
            return Err(RuntimeError::new("a task cannot await itself"));
        }
        let answer = Arc::<Answer<Outcome>>::default();
        let started = Self {
            answer: Arc::clone(&answer),
            task: Persistent::new(&task)?,
            bell,
        };
        // An exception that nobody waits for stays with the task, which has `asyncio` log it.
        let answer = Arc::downgrade(&answer);
        let done = ctx.closure("done", "", move |ctx, args, _| {
            if let (Some(answer), Some(task)) = (answer.upgrade(), args.get(0)) {
                tell(&answer, &task);
            }
            Ok(ctx.none().into_object())
        })?;
        task.call_method1("add_done_callback", (done,))?;
        Ok(started)
    }
}

/// Tells who waits that the task is done.
#[inline]
fn tell(answer: &Answer<Outcome>, task: &Handle<'_>) {
    // What is a panic of Rust code goes on where the task was awaited.
    let result = || Persistent::new(&task.call_method0("result")?);
    let outcome = match catch_unwind(AssertUnwindSafe(result)) {
        Ok(result) => Outcome::Result(result),
        Err(payload) => Outcome::Panic(payload),
    };
    answer.give(outcome);
}

impl Future for Awaiting {
    type Output = Result<Persistent>;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, task: &mut task::Context<'_>) -> Poll<Self::Output> {
        if let State::Start(awaitable) = &self.0 {
            let started = awaitable.attach(|awaitable| Task::start(&awaitable));
            match started {
                Ok(started) => self.0 = State::Waits(started),
                Err(error) => {
                    self.0 = State::Done;
                    return Poll::Ready(Err(error));
                }
            }
        }
        let State::Waits(waits) = &self.0 else {
            panic!("an awaitable of Python was polled after its end");
        };
        match waits.answer.poll(task) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(outcome) => {
                self.0 = State::Done;
                match outcome {
                    Outcome::Result(result) => Poll::Ready(result),
                    Outcome::Panic(payload) => resume_unwind(payload),
                }
            }
        }
    }
}

impl Drop for Awaiting {
    #[inline]
    fn drop(&mut self) {
        if let State::Waits(Task { answer, task, bell }) =
            core::mem::replace(&mut self.0, State::Done)
        {
            answer.forget_waker();
            if !answer.is_there() {
                bell.cancel(task);
            }
        }
    }
}

impl core::fmt::Debug for Awaiting {
    #[inline]
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Awaiting")
    }
}
