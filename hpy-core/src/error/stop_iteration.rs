//! StopIteration with a value, as generators and coroutines end with.

use super::{Error, exceptions, is_exception};
use crate::Handle;
use hpy_sys::*;

impl Error {
    /// StopIteration with a value.
    #[inline]
    pub(crate) fn stop_iteration(value: &Handle<'_>) -> Self {
        let ctx = value.ctx();
        // SAFETY: the handle is open.
        let is_tuple = unsafe { HPyTuple_Check(ctx.as_ptr(), value.as_raw()) != 0 };
        // These would be taken for the arguments, and for the exception itself.
        if is_tuple || is_exception(value) {
            return exceptions::StopIteration::new((value,));
        }
        // SAFETY: the type is a constant, the value an open handle.
        unsafe {
            let type_ = h_StopIteration(ctx.as_ptr());
            HPyErr_SetObject(ctx.as_ptr(), type_, value.as_raw());
        }
        Self::fetch_as_it_is(ctx)
    }
}
