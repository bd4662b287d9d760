//! A coroutine: a future, and how far it is. `coroutine_type` is what Python sees of it.

use super::bell::{Bell, running_loop};
use super::cancel::Canceller;
use super::poll::Pollable;
use super::runtime;
use super::waker::{FirstWaker, Wakeup};
use crate::entry::guard;
use crate::exceptions::{RuntimeError, StopIteration, ValueError};
use crate::rust_objects::new_object;
use crate::{Context, Error, Handle, Persistent, Result};
use core::cell::UnsafeCell;
use core::pin::Pin;
use core::sync::atomic::{AtomicU8, Ordering};
use core::task::{self, Poll, Waker};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;

/// The data of a coroutine.
pub(crate) struct Coroutine {
    name: Name,
    state: AtomicU8,
    /// There, if it is new or suspended. Whoever has changed the state to running, or from those to
    /// done, has it for himself.
    body: UnsafeCell<Option<Body>>,
}

// SAFETY: the body is Send, and the state gives it to one thread at a time.
unsafe impl Sync for Coroutine {}

const _: () = {
    const fn is_send<T: Send>() {}
    is_send::<Body>()
};

pub(super) enum Name {
    Written(&'static str),
    Made(Box<str>),
}

const NEW: u8 = 0;
const SUSPENDED: u8 = 1;
/// A call has the body.
const RUNNING: u8 = 2;
const DONE: u8 = 3;

/// A future, and what it needs between two polls.
pub(super) struct Body {
    future: Pin<Box<dyn Pollable>>,
    wakeup: Option<Arc<Wakeup>>,
    cancel: Option<Canceller>,
    /// The event loop that it waited in last, and its bell.
    place: Option<(Persistent, Arc<Bell>)>,
}

impl Coroutine {
    #[inline]
    pub(super) fn make<'ctx>(
        ctx: Context<'ctx>,
        name: Name,
        cancel: Option<Canceller>,
        future: Pin<Box<dyn Pollable>>,
    ) -> Result<Handle<'ctx>> {
        let body = Body {
            future,
            wakeup: None,
            cancel,
            place: None,
        };
        let coroutine = Self {
            name,
            state: AtomicU8::new(NEW),
            body: UnsafeCell::new(Some(body)),
        };
        new_object(ctx, coroutine).map(Handle::into_object)
    }

    /// `Point.norm`
    #[inline]
    pub(super) fn qualified_name(&self) -> &str {
        match &self.name {
            Name::Written(name) => name,
            Name::Made(name) => name,
        }
    }

    #[inline]
    fn state(&self) -> u8 {
        self.state.load(Ordering::Acquire)
    }

    /// Whether a call is running the future just now.
    #[inline]
    pub(super) fn is_running(&self) -> bool {
        self.state() == RUNNING
    }

    /// Whether it was not run yet.
    #[inline]
    pub(super) fn is_new(&self) -> bool {
        self.state() == NEW
    }

    /// Whether it waits.
    #[inline]
    pub(super) fn is_suspended(&self) -> bool {
        self.state() == SUSPENDED
    }

    /// Takes the body to run it, or to drop it; whether it was run before.
    #[inline]
    fn take(&self, next: u8) -> Result<(Body, bool)> {
        let mut state = self.state();
        while let NEW | SUSPENDED = state {
            let (success, failure) = (Ordering::AcqRel, Ordering::Acquire);
            let taken = self
                .state
                .compare_exchange_weak(state, next, success, failure);
            match taken {
                Ok(_) => {
                    // SAFETY: this thread has changed the state, and so has the body.
                    let body = unsafe { (*self.body.get()).take() };
                    return body
                        .map(|body| (body, state == SUSPENDED))
                        .ok_or_else(reused);
                }
                Err(now) => state = now,
            }
        }
        match state {
            RUNNING => Err(ValueError::new("coroutine already executing")),
            _ => Err(reused()),
        }
    }

    /// Puts the body back, which this thread has: the state is running.
    #[inline]
    fn put_back(&self, body: Body) {
        // SAFETY: this thread has changed the state to running, and so has the place.
        unsafe { *self.body.get() = Some(body) };
        self.state.store(SUSPENDED, Ordering::Release);
    }

    /// The coroutine, which this thread runs, has ended.
    #[inline]
    fn is_done(&self) {
        self.state.store(DONE, Ordering::Release);
    }

    /// Goes on to the next value, for whoever runs it to wait for. StopIteration with the result at
    /// the end.
    #[inline]
    pub(super) fn resume<'ctx>(&self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        self.advance(ctx)?.into_next()
    }

    /// Goes on to the next value, or to the result.
    #[inline]
    pub(super) fn advance<'ctx>(&self, ctx: Context<'ctx>) -> Result<Advance<'ctx>> {
        let (body, was_run) = self.take(RUNNING)?;
        if was_run && body.is_awaited(ctx) {
            self.put_back(body);
            return Err(RuntimeError::new("coroutine is being awaited already"));
        }
        self.run(ctx, body)
    }

    /// Throws an exception in: the future is dropped, unless it has a handle to be told by.
    #[inline]
    pub(super) fn throw<'ctx>(&self, ctx: Context<'ctx>, error: Error) -> Result<Handle<'ctx>> {
        let (body, was_run) = self.take(RUNNING)?;
        let told = match &body.cancel {
            Some(cancel) if was_run => cancel.throw(error),
            _ => Err(error),
        };
        match told {
            Ok(()) => self.run(ctx, body)?.into_next(),
            Err(error) => {
                self.is_done();
                body.end();
                Err(failed(ctx, error))
            }
        }
    }

    /// Ends it. Whether it was never run.
    #[inline]
    pub(super) fn close(&self) -> Result<bool> {
        if self.state() == DONE {
            return Ok(false);
        }
        let (body, was_run) = self.take(DONE)?;
        body.end();
        Ok(!was_run)
    }

    /// Polls the body, which was taken, and puts it back if it waits.
    #[inline]
    fn run<'ctx>(&self, ctx: Context<'ctx>, mut body: Body) -> Result<Advance<'ctx>> {
        let step = || match runtime::within(|| body.step(ctx)) {
            Ok(step) => step,
            Err(error) => Step::Ends(Err(error)),
        };
        let stepped = catch_unwind(AssertUnwindSafe(step));
        match stepped {
            Ok(Step::Waits(waits_for)) => {
                self.put_back(body);
                Ok(Advance::Waits(waits_for))
            }
            Ok(Step::Ends(result)) => {
                self.is_done();
                body.end();
                match result {
                    Ok(value) => Ok(Advance::Returns(value)),
                    Err(error) => Err(failed(ctx, error)),
                }
            }
            Err(payload) => {
                self.is_done();
                // A second panic is not worth the process.
                guard::quietly(|| body.end());
                resume_unwind(payload)
            }
        }
    }
}

#[cold]
fn reused() -> Error {
    RuntimeError::new("cannot reuse already awaited coroutine")
}

/// How far a coroutine has come.
pub(super) enum Advance<'ctx> {
    /// It waits for this.
    Waits(Handle<'ctx>),
    /// It has ended with this.
    Returns(Handle<'ctx>),
}

impl<'ctx> Advance<'ctx> {
    /// As an iterator's `__next__` says it.
    #[inline]
    fn into_next(self) -> Result<Handle<'ctx>> {
        match self {
            Self::Waits(waits_for) => Ok(waits_for),
            Self::Returns(value) => Err(Error::stop_iteration(&value)),
        }
    }
}

/// How a poll ended.
enum Step<'ctx> {
    Waits(Handle<'ctx>),
    Ends(Result<Handle<'ctx>>),
}

impl Body {
    /// Drops the future, where its data finds what it finds when it is polled.
    #[inline]
    fn end(self) {
        if let Some(wakeup) = &self.wakeup {
            wakeup.end();
        }
        // Without the runtime it is dropped as well.
        let _ = runtime::within(|| drop(self));
    }

    #[inline]
    fn step<'ctx>(&mut self, ctx: Context<'ctx>) -> Step<'ctx> {
        match self.poll(ctx) {
            Poll::Ready(result) => Step::Ends(result),
            Poll::Pending => match self.sleep(ctx) {
                Ok(waits_for) => Step::Waits(waits_for),
                Err(error) => Step::Ends(Err(error)),
            },
        }
    }

    /// Whether somebody waits for the future of `asyncio` that was yielded last. Polled for another
    /// one, that one would never be completed.
    #[inline]
    fn is_awaited(&self, ctx: Context<'_>) -> bool {
        let waits = self.wakeup.as_ref().is_some_and(|wakeup| wakeup.sleeps());
        waits && !self.has_closed_loop(ctx).unwrap_or(false)
    }

    /// In a loop that was closed, nobody waits any more.
    #[cold]
    #[inline(never)]
    fn has_closed_loop(&self, ctx: Context<'_>) -> Result<bool> {
        let Some((place, _)) = &self.place else {
            return Ok(false);
        };
        place.get(ctx)?.call_method0("is_closed")?.is_truthy()
    }

    #[inline]
    fn poll<'ctx>(&mut self, ctx: Context<'ctx>) -> Poll<Result<Handle<'ctx>>> {
        let future = self.future.as_mut();
        match &self.wakeup {
            Some(wakeup) => {
                wakeup.awake();
                let waker = Waker::from(Arc::clone(wakeup));
                future.poll(ctx, &mut task::Context::from_waker(&waker))
            }
            None => {
                let first = FirstWaker::default();
                let polled =
                    first.with(|waker| future.poll(ctx, &mut task::Context::from_waker(waker)));
                self.wakeup = first.into_wakeup();
                polled
            }
        }
    }

    /// What the event loop is to wait for before the next poll.
    #[cold]
    #[inline(never)]
    fn sleep<'ctx>(&mut self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        let wakeup = self.wakeup.get_or_insert_default();
        // `None` has the loop go on with it in its next round.
        if wakeup.is_woken() {
            return Ok(ctx.none().into_object());
        }
        let event_loop = running_loop(ctx)?;
        let known = match &self.place {
            Some((place, bell)) if place.get(ctx)?.is(&event_loop) => Some(bell),
            _ => None,
        };
        let bell = match known {
            Some(bell) => Arc::clone(bell),
            None => {
                let bell = Bell::of(&event_loop)?;
                let place = Persistent::new(&event_loop)?;
                self.place = Some((place, Arc::clone(&bell)));
                bell
            }
        };
        let future = event_loop.call_method0("create_future")?;
        if !wakeup.sleep(bell, Persistent::new(&future)?) {
            return Ok(ctx.none().into_object());
        }
        // As `await future` says to the task that it is to wait for it.
        future.setattr("_asyncio_future_blocking", true)?;
        Ok(future)
    }
}

/// A StopIteration of the function's own would be taken for its result, as in Python (PEP 479).
#[cold]
#[inline(never)]
fn failed(ctx: Context<'_>, error: Error) -> Error {
    if error.is_instance_of::<StopIteration>(ctx) {
        return RuntimeError::new("coroutine raised StopIteration").with_cause(error);
    }
    error
}
