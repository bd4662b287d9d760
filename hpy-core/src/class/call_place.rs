//! The function that an object is called by.

use crate::{Error, Handle, Result};
use hpy_sys::*;

/// # Safety
/// The function is one that the object may be called by, in a static.
pub(super) unsafe fn set_call_function(
    object: &Handle<'_>,
    function: *mut HPyCallFunction,
) -> Result<()> {
    let ctx = object.ctx();
    // SAFETY: the handle is open; as promised by the caller.
    match unsafe { HPy_SetCallFunction(ctx.as_ptr(), object.as_raw(), function) } {
        0.. => Ok(()),
        _ => Err(Error::fetch_as_it_is(ctx)),
    }
}
