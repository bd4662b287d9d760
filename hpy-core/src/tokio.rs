//! The feature `tokio`: a runtime beside the event loop.
//!
//! Each `async fn` of Python's is polled within the runtime, so what needs one works there: timers,
//! sockets, `tokio::spawn`. The function itself stays on the thread of the event loop. The
//! runtime's threads watch sockets and timers, run what is spawned, and wake the coroutine.
//!
//! The runtime starts when the first coroutine is polled, or [`handle`] is called. It is never shut
//! down: at the interpreter's exit nothing waits for its threads. A child of `fork`, which has none
//! of these threads, starts its own.
//!
//! The feature turns on `rt-multi-thread` of tokio. An extension depends on tokio itself for what
//! else it uses: `tokio = { version = "1", features = ["net", "time"] }`.

use crate::exceptions::RuntimeError;
use crate::{Error, Result};
use ::tokio::runtime::{Builder, Handle, Runtime};
use ::tokio::task::JoinHandle;
use core::fmt;
use core::future::Future;
use core::pin::Pin;
use core::ptr::null_mut;
use core::sync::atomic::{AtomicPtr, Ordering};
use core::task::{Context, Poll};
use std::panic::resume_unwind;
use std::sync::OnceLock;

/// A runtime, and the process that has its threads.
struct Started {
    runtime: Runtime,
    process: u32,
}

/// Null, or a box that is never freed: threads of the runtime may be anywhere.
static STARTED: AtomicPtr<Started> = AtomicPtr::new(null_mut());

type Configure = Box<dyn Fn(&mut Builder) + Send + Sync>;

static CONFIGURE: OnceLock<Configure> = OnceLock::new();

/// Says how the runtime is built, before it starts: in the module's `exec`, say. The builder is
/// that of a multi-thread runtime with all drivers.
///
/// ```no_run
/// use hpy::prelude::*;
///
/// fn init(_: &Handle<'_, Module>) -> Result<()> {
///     hpy::tokio::configure(|builder| {
///         builder.worker_threads(2);
///     })
/// }
///
/// hpy_module! {
///     name: server,
///     exec: init,
/// }
/// # fn main() {}
/// ```
///
/// # Errors
/// RuntimeError if it has started, or was configured before.
pub fn configure(configure: impl Fn(&mut Builder) + Send + Sync + 'static) -> Result<()> {
    if !STARTED.load(Ordering::Acquire).is_null() {
        return Err(RuntimeError::new("the tokio runtime has started already"));
    }
    let configured = CONFIGURE.set(Box::new(configure));
    configured.map_err(|_| RuntimeError::new("the tokio runtime was configured before"))
}

/// The runtime, which starts at the first use in a process.
///
/// # Errors
/// OSError if it cannot start.
pub fn handle() -> Result<&'static Handle> {
    runtime().map(Runtime::handle)
}

fn runtime() -> Result<&'static Runtime> {
    let current = STARTED.load(Ordering::Acquire);
    // SAFETY: null, or a box that is never freed.
    match unsafe { current.as_ref() } {
        Some(started) if started.process == std::process::id() => Ok(&started.runtime),
        _ => start(current),
    }
}

#[cold]
fn start(before: *mut Started) -> Result<&'static Runtime> {
    let mut builder = Builder::new_multi_thread();
    builder.enable_all().thread_name("hpy-tokio");
    if let Some(configure) = CONFIGURE.get() {
        configure(&mut builder);
    }
    let new = Box::into_raw(Box::new(Started {
        runtime: builder.build()?,
        process: std::process::id(),
    }));
    let kept = STARTED.compare_exchange(before, new, Ordering::AcqRel, Ordering::Acquire);
    // SAFETY: boxes that are never freed, but for the one that came too late: nobody knows it.
    unsafe {
        match kept {
            Ok(_) => Ok(&(*new).runtime),
            Err(first) => {
                Box::from_raw(new).runtime.shutdown_background();
                Ok(&(*first).runtime)
            }
        }
    }
}

/// Runs `work` within the runtime.
pub(crate) fn within<R>(work: impl FnOnce() -> R) -> Result<R> {
    let _entered = runtime()?.enter();
    Ok(work())
}

/// Has the runtime run a future beside the coroutine. As `tokio::spawn`, but a task whose result
/// nobody waits for any more is cancelled: so it ends with the coroutine that has started it.
///
/// Threads of the runtime poll the future. In it, [`hpy::attach`](fn@crate::attach) waits for the
/// GIL, and is refused by the own HPy of PyPy 7.3 and GraalPy 24. Python's awaitables are awaited
/// in the `async fn` itself, whose thread runs the event loop.
///
/// ```no_run
/// use hpy::prelude::*;
///
/// /// The sum of what two tasks compute.
/// #[hpy_method]
/// async fn sum() -> Result<i64> {
///     let (one, two) = (hpy::tokio::spawn(async { 1 })?, hpy::tokio::spawn(async { 2 })?);
///     Ok(one.await? + two.await?)
/// }
/// ```
///
/// # Errors
/// OSError if the runtime cannot start.
pub fn spawn<F>(future: F) -> Result<Spawned<F::Output>>
where
    F: Future<Output: Send + 'static> + Send + 'static,
{
    Ok(Spawned(handle()?.spawn(future)))
}

/// The result of a task that [`spawn`] has started. A panic of the task goes on where its result is
/// awaited. Dropped, it cancels the task.
#[must_use = "the task is cancelled if this is dropped"]
pub struct Spawned<T>(JoinHandle<T>);

impl<T> Future for Spawned<T> {
    type Output = Result<T>;

    fn poll(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Result<T>> {
        Pin::new(&mut self.0).poll(task).map(|joined| {
            joined.map_err(|error| match error.try_into_panic() {
                Ok(payload) => resume_unwind(payload),
                Err(_) => cancelled(),
            })
        })
    }
}

fn cancelled() -> Error {
    RuntimeError::new("the task was cancelled: its runtime has ended")
}

impl<T> Drop for Spawned<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl<T> fmt::Debug for Spawned<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Spawned")
    }
}
