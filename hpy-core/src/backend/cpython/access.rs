//! How a thread may use Python, where no call has brought a context: for
//! [`attach`](fn@crate::attach).

use super::RawContext;
use crate::exceptions::RuntimeError;
use crate::{Context, Result};
use hpy_sys::interpreters;

/// How this thread may use Python.
pub(crate) enum Access {
    /// By this context, just now.
    Now(RawContext),
    /// It has to enter it.
    FromOutside(Entrance),
    /// Not at all, for this reason.
    #[allow(dead_code)] // A host says so.
    Never(&'static str),
}

/// How a thread enters Python: there is one way.
pub(crate) struct Entrance;

/// The context by which Python may be used on this thread just now, with no exception pending, as
/// far as that is seen without a call. None is inconclusive.
#[inline(always)]
pub(crate) fn access_at_rest() -> Option<RawContext> {
    interpreters::is_first_at_rest().then(RawContext::direct)
}

/// How Python may be used on this thread.
#[inline(never)]
pub(crate) fn access() -> Access {
    if !interpreters::is_attached_to_known() {
        return Access::FromOutside(Entrance);
    }
    // SAFETY: the thread is attached.
    unsafe { interpreters::measure_thread_state() }
    Access::Now(RawContext::direct())
}

/// Enters Python, and calls `body` with a context that is valid meanwhile.
///
/// # Errors
/// RuntimeError if it cannot be entered.
///
/// # Safety
/// None is needed here.
pub(crate) unsafe fn attach_from_outside<R>(
    _: Entrance,
    body: impl FnOnce(RawContext) -> Result<R>,
) -> Result<R> {
    // SAFETY: the guard stays in this function. What `body` attaches or detaches ends before `body`
    // returns, as it is given back by guards that no safe code gets hold of.
    let _attached = unsafe { hpy_sys::attach() }.map_err(|reason| RuntimeError::new(reason.0))?;
    body(RawContext::direct())
}

/// A call by the interpreter. CPython knows of it.
#[derive(Clone, Copy)]
pub(crate) struct Call;

impl Call {
    /// Ends the call.
    #[inline(always)]
    pub(crate) fn end(self, _: Context<'_>) {}
}

/// Begins a call whose place on the stack is known: of hosts alone.
#[inline(always)]
pub(crate) fn begin_call_on_known_page(_: Context<'_>) -> Option<Call> {
    None
}

/// Begins a call.
#[inline(always)]
pub(crate) fn begin_call(_: Context<'_>) -> Option<Call> {
    Some(Call)
}

/// What a module's own code is run with: nothing.
pub(crate) struct Exec;

pub(crate) fn begin_exec(_: Context<'_>) -> Exec {
    Exec
}

/// That this thread has left Python. CPython knows of it.
pub(crate) struct Away;

impl Away {
    #[inline(always)]
    pub(crate) fn begin() -> Self {
        Self
    }
}
