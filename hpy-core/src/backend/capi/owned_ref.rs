//! Objects kept beyond a call: plain references, and the interpreter that they belong to.

use crate::backend::RawContext;
use crate::error::Interrupted;
use crate::exceptions::RuntimeError;
use crate::{Context, Error, Result};
use hpy_sys::capi::{self, PyObject};
use hpy_sys::interpreters;
use hpy_sys::*;

/// A reference to an object.
#[derive(Debug)]
pub(crate) struct Kept {
    object: *mut PyObject,
    /// The interpreter's number.
    owner: u64,
}

// SAFETY: the reference count is touched by threads only that are attached to the object's
// interpreter: `get` has a context and compares, and the end waits for one.
unsafe impl Send for Kept {}
// SAFETY: as above.
unsafe impl Sync for Kept {}

impl Kept {
    /// Takes a reference of its own to the object of `raw`.
    #[inline]
    pub(crate) fn new(ctx: Context<'_>, raw: HPy) -> Result<Self> {
        let object = raw._i as *mut PyObject;
        // SAFETY: the handle is open, the thread attached.
        unsafe { capi::incref(object) };
        Ok(Self::from_owned(ctx, object))
    }

    /// Takes over the caller's reference.
    #[inline]
    pub(crate) fn from_owned(ctx: Context<'_>, object: *mut PyObject) -> Self {
        ctx.assert_attached();
        if releases_wait(ctx) {
            release_waiting(ctx);
        }
        // SAFETY: a context means that the thread is attached.
        let owner = unsafe { interpreters::number() };
        Self { object, owner }
    }

    /// Gives its reference to the caller, in the interpreter that it belongs to.
    #[inline]
    pub(crate) fn into_owned(self, ctx: Context<'_>) -> Result<*mut PyObject> {
        ctx.assert_attached();
        // SAFETY: a context means that the thread is attached.
        if unsafe { interpreters::is_current(self.owner) } {
            Ok(core::mem::ManuallyDrop::new(self).object)
        } else {
            Err(elsewhere())
        }
    }

    /// Calls `body` with a context, if this thread may use the object's interpreter just now.
    pub(crate) fn while_attached<R>(
        &self,
        body: impl for<'ctx> FnOnce(Context<'ctx>) -> R,
    ) -> Option<R> {
        // SAFETY: the thread is attached, as asked before; the own runtime kept the object.
        let may_be =
            interpreters::attached() && unsafe { interpreters::is_attached_to(self.owner) };
        may_be.then(|| {
            // SAFETY: the thread is attached and stays so during `body`, which takes any lifetime.
            // That there is an object means that the C API is resolved and the own context filled.
            let ctx = unsafe { Context::from_raw(RawContext::direct()) };
            let _interrupted = Interrupted::new(ctx);
            body(ctx)
        })
    }

    /// A new handle to the object.
    #[inline]
    pub(crate) fn get(&self, ctx: Context<'_>) -> Result<HPy> {
        ctx.assert_attached();
        // SAFETY: a context means that the thread is attached.
        if !unsafe { interpreters::is_current(self.owner) } {
            return Err(elsewhere());
        }
        // SAFETY: the object is alive, the thread attached to its interpreter.
        unsafe { capi::incref(self.object) };
        Ok(HPy {
            _i: self.object as isize,
        })
    }
}

impl Drop for Kept {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: the reference is ours, and was made in that interpreter.
        unsafe { interpreters::release(self.owner, self.object) }
    }
}

#[cold]
#[inline(never)]
#[allow(improper_ctypes_definitions)] // so it is known not to unwind
extern "C" fn elsewhere() -> Error {
    RuntimeError::new(
        "the object belongs to another interpreter of the process, or to one that has ended",
    )
}

/// Whether [`release_waiting`] should be called.
#[inline(always)]
pub(crate) fn releases_wait(_: Context<'_>) -> bool {
    interpreters::releases_wait()
}

/// Releases what was dropped where the interpreter could not be used.
#[cold]
pub(crate) fn release_waiting(_: Context<'_>) {
    // SAFETY: a context means that the thread is attached.
    unsafe { interpreters::release_waiting() }
}
