//! Objects kept beyond a call: plain references.

use crate::persistent::{release_later, release_waiting, releases_wait};
use crate::{Context, Result};
use hpy_sys::capi::{self, PyObject};
use hpy_sys::*;

/// A reference to an object.
#[derive(Debug)]
pub(crate) struct Kept {
    object: *mut PyObject,
}

// SAFETY: the reference count is touched by attached threads only: `get` has a context, and the end
// waits for one.
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
    pub(super) fn from_owned(ctx: Context<'_>, object: *mut PyObject) -> Self {
        if releases_wait() {
            release_waiting(ctx);
        }
        Self { object }
    }

    /// Gives its reference to the caller.
    #[inline]
    pub(super) fn into_owned(self) -> *mut PyObject {
        core::mem::ManuallyDrop::new(self).object
    }

    /// A new handle to the object.
    #[inline]
    pub(crate) fn get(&self, _: Context<'_>) -> Result<HPy> {
        // SAFETY: the object is alive, the thread attached.
        unsafe { capi::incref(self.object) };
        Ok(HPy {
            _i: self.object as isize,
        })
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        let release = Release(self.object);
        if capi::attached() {
            // SAFETY: the thread is attached, the reference is ours.
            unsafe { capi::decref(release.0) }
        } else {
            #[allow(clippy::useless_conversion)] // In the universal ABI it is one of two kinds.
            release_later(release.into());
        }
    }
}

/// A reference that is no longer needed.
pub(crate) struct Release(*mut PyObject);

// SAFETY: it waits for an attached thread.
unsafe impl Send for Release {}

impl Release {
    /// Releases it; there is nothing to give back.
    pub(crate) fn now(self, _: Context<'_>) -> Option<Self> {
        // SAFETY: the thread is attached, the reference is ours.
        unsafe { capi::decref(self.0) };
        None
    }
}
