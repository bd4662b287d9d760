//! How a thread may use Python, where no call has brought a context: for
//! [`attach`](fn@crate::attach).

use crate::backend::hpy::entries;
use crate::backend::universal::RawContext;
use crate::exceptions::RuntimeError;
use crate::{Error, Result};
use core::panic::AssertUnwindSafe;
use hpy_sys::universal::{attach_to_cpython, host_context};
use hpy_sys::{NotAttachable, interpreters};

/// How this thread may use Python.
pub(crate) enum Access {
    /// By this context, just now.
    Now(RawContext),
    /// It has to enter it.
    FromOutside(Entrance),
    /// Not at all, for this reason.
    Never(&'static str),
}

/// How a thread enters Python.
#[derive(Clone, Copy)]
pub(crate) enum Entrance {
    /// By the bundled runtime.
    Bundled,
    /// By CPython's functions, and a package's context.
    CPython,
    /// It is attached, and the package's context has to give another one.
    Call,
}

/// The context by which Python may be used on this thread just now, with no exception pending, as
/// far as that is seen without a call. None is inconclusive.
#[inline(always)]
pub(crate) fn access_at_rest() -> Option<RawContext> {
    // No host has loaded the file, or this is false.
    interpreters::is_first_at_rest().then(RawContext::direct)
}

/// How Python may be used on this thread.
#[inline(never)]
pub(crate) fn access() -> Access {
    if entries::is_bundled_runtime_alone() {
        bundled()
    } else {
        with_host()
    }
}

fn bundled() -> Access {
    if !interpreters::is_attached_to_known() {
        return Access::FromOutside(Entrance::Bundled);
    }
    // SAFETY: the thread is attached.
    unsafe { interpreters::measure_thread_state() }
    Access::Now(RawContext::direct())
}

fn with_host() -> Access {
    // Both may have loaded the file. The host counts where it has called.
    if interpreters::is_loaded() && !entries::is_of_host() {
        return bundled();
    }
    match entries::access() {
        entries::Access::Now(ctx) => Access::Now(RawContext::new(ctx)),
        entries::Access::ByCall => Access::FromOutside(Entrance::Call),
        entries::Access::FromOutside => Access::FromOutside(Entrance::CPython),
        entries::Access::Never(reason) => Access::Never(reason),
        // The bundled runtime says why not.
        entries::Access::NoHost => Access::FromOutside(Entrance::Bundled),
    }
}

/// Enters Python, and calls `body` with a context that is valid meanwhile.
///
/// # Errors
/// RuntimeError if it cannot be entered.
///
/// # Safety
/// It is the way that [`access`] gave on this thread just now.
pub(crate) unsafe fn attach_from_outside<R>(
    way: Entrance,
    body: impl FnOnce(RawContext) -> Result<R>,
) -> Result<R> {
    // SAFETY: the guards stay in this function. What `body` attaches or detaches ends before `body`
    // returns, as it is given back by guards that no safe code gets hold of.
    unsafe {
        match way {
            Entrance::Bundled => {
                let _attached = hpy_sys::attach().map_err(refused)?;
                body(RawContext::direct())
            }
            Entrance::CPython => {
                let _attached = attach_to_cpython().map_err(refused)?;
                match entries::needs_call() {
                    true => by_call(body),
                    false => body(RawContext::new(host_context())),
                }
            }
            Entrance::Call => by_call(body),
        }
    }
}

/// # Safety
/// The thread is attached to CPython.
unsafe fn by_call<R>(body: impl FnOnce(RawContext) -> Result<R>) -> Result<R> {
    let mut result = None;
    // SAFETY: as promised by the caller. No panic gets into the host's code.
    unsafe {
        entries::call_through_host(|ctx| {
            let body = AssertUnwindSafe(|| body(RawContext::new(ctx)));
            result = Some(std::panic::catch_unwind(body));
        });
    }
    match result {
        Some(Ok(result)) => result,
        Some(Err(payload)) => std::panic::resume_unwind(payload),
        // Debug mode had no memory for a context.
        None => Err(RuntimeError::new("the host has no context for the thread")),
    }
}

#[cold]
fn refused(reason: NotAttachable) -> Error {
    RuntimeError::new(reason.0)
}
