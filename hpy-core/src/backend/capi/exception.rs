//! Exceptions taken from the interpreter.

use super::owned_ref::Kept;
use crate::{Context, Handle, Result};
use core::ptr::null_mut;
use hpy_sys::capi;

/// An exception, normalized, with its traceback.
#[derive(Debug)]
pub(crate) struct Raised(Kept);

impl Raised {
    /// Takes the pending exception, which there is. Afterwards none is pending.
    #[cold]
    pub(crate) fn fetch(ctx: Context<'_>) -> Self {
        ctx.assert_attached();
        // SAFETY: the thread is attached; each reference is given on or given up once.
        let exception = unsafe {
            if capi::running::has::PyErr_GetRaisedException() {
                capi::PyErr_GetRaisedException()
            } else {
                let (mut kind, mut value, mut traceback) = (null_mut(), null_mut(), null_mut());
                capi::PyErr_Fetch(&mut kind, &mut value, &mut traceback);
                capi::PyErr_NormalizeException(&mut kind, &mut value, &mut traceback);
                if !traceback.is_null() {
                    capi::PyException_SetTraceback(value, traceback);
                }
                capi::xdecref(kind);
                capi::xdecref(traceback);
                value
            }
        };
        Self(Kept::from_owned(ctx, exception))
    }

    /// The exception that the object is.
    #[cold]
    pub(crate) fn new(exception: &Handle<'_>) -> Result<Self> {
        Kept::new(exception.ctx(), exception.as_raw()).map(Self)
    }

    /// Makes it pending again.
    ///
    /// Where it is another interpreter's, a RuntimeError that says so.
    pub(crate) fn restore(self, ctx: Context<'_>) {
        let exception = match self.0.into_owned(ctx) {
            Ok(exception) => exception,
            Err(elsewhere) => return elsewhere.raise(ctx),
        };
        // SAFETY: the thread is attached; the calls take over the references.
        unsafe {
            if capi::running::has::PyErr_SetRaisedException() {
                capi::PyErr_SetRaisedException(exception);
            } else {
                let kind = capi::new_ref(capi::type_of(exception));
                capi::PyErr_Restore(kind, exception, capi::PyException_GetTraceback(exception));
            }
        }
    }

    /// Calls `body` with a context, if this thread may use the interpreter just now.
    pub(crate) fn while_attached<R>(
        &self,
        body: impl for<'ctx> FnOnce(Context<'ctx>) -> R,
    ) -> Option<R> {
        self.0.while_attached(body)
    }

    /// The exception object, where it is known.
    pub(crate) fn exception<'ctx>(&self, ctx: Context<'ctx>) -> Option<Handle<'ctx>> {
        self.value(ctx).ok()
    }

    /// The exception object.
    pub(crate) fn value<'ctx>(&self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        // SAFETY: a new handle.
        self.0
            .get(ctx)
            .map(|raw| unsafe { Handle::from_raw_unchecked(ctx, raw) })
    }
}
