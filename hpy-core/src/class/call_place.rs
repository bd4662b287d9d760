//! The function that an object is called by.

use crate::entry::Functions;
use crate::{Context, Error, Handle, Result};
use hpy_sys::*;

/// The function, as each kind of context is given it: under the bundled runtime it needs no detour
/// over a trampoline.
pub struct CallFunctions {
    bundled: HPyCallFunction,
    host: HPyCallFunction,
}

impl CallFunctions {
    pub(super) const fn new(functions: Functions) -> Self {
        let bundled = match functions.own {
            Some(own) => Some(own),
            None => functions.trampoline,
        };
        Self {
            bundled: HPyCallFunction {
                cpy_trampoline: bundled,
                r#impl: functions.implementation,
            },
            host: HPyCallFunction {
                cpy_trampoline: functions.trampoline,
                r#impl: functions.implementation,
            },
        }
    }

    /// What the context is given.
    ///
    /// # Safety
    /// The functions are in a static.
    pub(super) unsafe fn of(this: *mut Self, ctx: Context<'_>) -> *mut HPyCallFunction {
        // SAFETY: as promised by the caller.
        unsafe {
            match ctx.raw.is_direct() {
                true => &raw mut (*this).bundled,
                false => &raw mut (*this).host,
            }
        }
    }
}

/// # Safety
/// The function is one that the object may be called by, in a static.
pub(super) unsafe fn set_call_function(
    object: &Handle<'_>,
    function: *mut CallFunctions,
) -> Result<()> {
    let ctx = object.ctx();
    // SAFETY: the handle is open; as promised by the caller.
    let set = unsafe {
        let function = CallFunctions::of(function, ctx);
        HPy_SetCallFunction(ctx.as_ptr(), object.as_raw(), function)
    };
    match set {
        0.. => Ok(()),
        _ => Err(Error::fetch_as_it_is(ctx)),
    }
}
