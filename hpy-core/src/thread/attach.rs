//! `attach`: Python in code that no caller has given a context.

use crate::backend;
use crate::backend::{Access, RawContext};
use crate::entry::guard;
use crate::error::Interrupted;
use crate::exceptions::RuntimeError;
use crate::thread::{detached, release};
use crate::{Context, Result, stack};

/// Runs `work` with a context, in code that has none. PyO3's `Python::attach`.
///
/// It serves on every interpreter where the thread is inside a call from Python, as in an `Eq`, a
/// `Display` or an iterator of one's own. There it takes a few nanoseconds.
///
/// It also serves on a thread that Python does not know, or that has left it by `detach`: on every
/// CPython, on PyPy 8 and on GraalPy 25. It waits until no other thread holds the GIL, where there
/// is one: a thread that is attached and waits for this one must
/// [`detach`](Context::detach) meanwhile.
///
/// What `work` needs comes as owned values without a context: a
/// [`Persistent`](crate::Persistent) holds an object, and [its `attach`](crate::Persistent::attach)
/// gives the object's handle.
///
/// An exception that is pending, as it may be where data ends whose `Drop` attaches, is put aside
/// meanwhile.
///
/// # Errors
/// RuntimeError where Python cannot be used: on a thread that is not inside a call, by the own HPy
/// of PyPy 7.3 and GraalPy 24; after the interpreter's end; before the module is imported; from
/// outside, where a subinterpreter has imported it too (only the main one can be entered from
/// outside); while a host's context destroys the data of an object. RuntimeError on a thread of
/// one's own whose stack is smaller than 128 KB: interpreters would end the process there.
/// RecursionError where most of the stack is used.
///
/// # Panics
/// A panic of `work` goes on after Python has been left.
///
/// ```
/// use hpy::prelude::*;
///
/// /// Calls back from a thread of its own.
/// #[hpy_method]
/// fn later(callback: Persistent) {
///     std::thread::spawn(move || {
///         let called = hpy::attach(|ctx| -> Result<()> {
///             if let Err(error) = callback.get(ctx)?.call1((42,)) {
///                 error.write_unraisable(ctx, None);
///             }
///             Ok(())
///         });
///         called.and_then(|called| called).unwrap_or_else(|error| eprintln!("{error}"));
///     });
/// }
/// # hpy_mock::run(|_| {
/// #     let outside = std::thread::spawn(|| hpy::attach(|_| ()).is_err());
/// #     assert!(outside.join().unwrap(), "nothing was imported here");
/// #     Ok(())
/// # });
/// ```
///
/// Where a trait of Rust's gives no context:
///
/// ```no_run
/// use hpy::prelude::*;
///
/// /// Equal where Python says so, and where it can be asked.
/// struct Value(Persistent);
///
/// impl PartialEq for Value {
///     fn eq(&self, other: &Self) -> bool {
///         let equal = hpy::attach(|ctx| self.0.get(ctx)?.eq(&other.0));
///         equal.and_then(|equal| equal).unwrap_or(false)
///     }
/// }
///
/// #[hpy_method]
/// fn count(values: Vec<Persistent>, wanted: Persistent) -> usize {
///     let wanted = Value(wanted);
///     values.into_iter().map(Value).filter(|value| *value == wanted).count()
/// }
/// ```
///
/// Nothing of the context gets out:
///
/// ```compile_fail
/// let list = hpy::attach(|ctx| ctx.empty_list());
/// ```
#[inline]
pub fn attach<R>(work: impl for<'ctx> FnOnce(Context<'ctx>) -> R) -> Result<R> {
    match backend::access_at_rest() {
        // SAFETY: the thread may use the context just now, and nothing that it is attached by ends
        // before `work`.
        Some(raw) => unsafe { run(raw, work) },
        None => otherwise(work),
    }
}

#[cold] // It is not: this is about where its code lies.
#[inline(never)]
fn otherwise<R>(work: impl for<'ctx> FnOnce(Context<'ctx>) -> R) -> Result<R> {
    match backend::access() {
        // SAFETY: the thread may use the context just now, and nothing that it is attached by ends
        // before `work`.
        Access::Now(raw) => unsafe { run_aside(raw, work) },
        Access::FromOutside(way) => from_outside(way, work),
        Access::Never(reason) => Err(RuntimeError::new(reason)),
    }
}

#[cold]
#[inline(never)]
fn from_outside<R>(
    way: backend::Entrance,
    work: impl for<'ctx> FnOnce(Context<'ctx>) -> R,
) -> Result<R> {
    if !stack::holds_python() {
        return Err(RuntimeError::new(
            "the stack of this thread is too small for Python: it needs 128 KB",
        ));
    }
    // SAFETY: the way is this thread's. The context is valid while the thread is attached, which it
    // is until `run_aside` returns.
    unsafe { backend::attach_from_outside(way, |raw| run_aside(raw, work)) }
}

/// Runs `work` as [`run`] does, where an exception may be pending: it is put aside.
///
/// # Safety
/// As for [`run`].
#[inline(never)]
unsafe fn run_aside<R>(
    raw: RawContext,
    work: impl for<'ctx> FnOnce(Context<'ctx>) -> R,
) -> Result<R> {
    // SAFETY: as promised by the caller; `work` takes any lifetime.
    unsafe {
        run(raw, |ctx| {
            // The end of an object's data may be what calls, and that may come while an exception
            // is on its way.
            let _interrupted = Interrupted::new(ctx);
            let result = work(ctx);
            release(ctx);
            result
        })
    }
}

/// Runs `work` with the context, on a thread that is attached.
///
/// # Safety
/// The context is valid on this thread until `work` returns.
#[inline]
unsafe fn run<R>(raw: RawContext, work: impl for<'ctx> FnOnce(Context<'ctx>) -> R) -> Result<R> {
    let change = detached::change(false);
    // SAFETY: as promised by the caller; `work` takes any lifetime.
    let ctx = unsafe { Context::from_raw(raw) };
    if stack::ends(ctx) {
        drop(change);
        return Err(stack::too_deep());
    }
    let result = guard::or_wait(|| {
        let result = work(ctx);
        release(ctx);
        result
    });
    drop(change);
    Ok(result)
}
