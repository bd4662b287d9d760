//! What a call of HPy's API returns, as a `Result`.

use super::{Error, Result};
use crate::{Context, Handle};
use hpy_sys::HPy;

impl<'ctx> Context<'ctx> {
    /// Takes a new handle that the raw layer returned, or the exception it left behind.
    ///
    /// # Errors
    /// The pending exception, where `raw` is null.
    ///
    /// # Safety
    /// `raw` is null with an exception pending, or an open handle of this context that nobody else
    /// closes and whose object is a `T`.
    #[inline(always)]
    pub unsafe fn handle_from_raw<T>(self, raw: HPy) -> Result<Handle<'ctx, T>> {
        // SAFETY: as promised by the caller.
        match unsafe { Handle::from_raw(self, raw) } {
            Some(handle) => Ok(handle),
            None => Err(Error::fetch(self)),
        }
    }

    /// The same, for what runs no code of Python's: a panic stays an exception.
    ///
    /// # Safety
    /// As for [`handle_from_raw`](Self::handle_from_raw).
    #[inline(always)]
    pub(crate) unsafe fn made_handle<T>(self, raw: HPy) -> Result<Handle<'ctx, T>> {
        // SAFETY: as promised by the caller.
        match unsafe { Handle::from_raw(self, raw) } {
            Some(handle) => Ok(handle),
            None => Err(Error::fetch_as_it_is(self)),
        }
    }

    /// The same of one that runs code of Python's.
    #[inline(always)]
    pub(crate) fn check_call(self, result: core::ffi::c_int) -> Result<core::ffi::c_int> {
        if result < 0 {
            Err(Error::fetch(self))
        } else {
            Ok(result)
        }
    }

    /// The result of a C function that returns a negative number with an exception.
    #[inline(always)]
    pub(crate) fn check(self, result: core::ffi::c_int) -> Result<core::ffi::c_int> {
        if result < 0 {
            Err(Error::fetch_as_it_is(self))
        } else {
            Ok(result)
        }
    }
}
