//! What the contexts offer to extensions written with this project, beyond HPy's API.

use crate::numbers;
use core::ptr::null_mut;
use hpy::sys::universal::ContextExtension;
use hpy::sys::{BUNDLED_CONTEXT, HPy, HPyContext, capi, fill_bundled_functions};

static EXTENSION: ContextExtension = ContextExtension {
    size: size_of::<ContextExtension>(),
    fetch,
    numbers: Some(&numbers::FUNCTIONS),
};

/// Puts the offer, and the functions that extensions call, into the context. Called while the
/// module is imported, before anybody else has the context.
pub(crate) fn offer() {
    let context = BUNDLED_CONTEXT.as_ptr().cast::<HPyContext>();
    // SAFETY: the bundled context was filled before the module's code runs, and no extension has it
    // yet. Nobody writes through the pointer.
    unsafe {
        (*context)._private = (&raw const EXTENSION).cast_mut().cast();
        fill_bundled_functions();
    }
}

/// Takes the pending exception, normalized and with its traceback: a new handle, or null.
unsafe extern "C" fn fetch(_: *mut HPyContext) -> HPy {
    // SAFETY: the thread is attached, as for any call through a context. Each reference is given on
    // or given up once.
    let exception = unsafe {
        if capi::running::has::PyErr_GetRaisedException() {
            capi::PyErr_GetRaisedException()
        } else {
            let (mut kind, mut value, mut traceback) = (null_mut(), null_mut(), null_mut());
            capi::PyErr_Fetch(&mut kind, &mut value, &mut traceback);
            capi::PyErr_NormalizeException(&mut kind, &mut value, &mut traceback);
            if !traceback.is_null() && !value.is_null() {
                capi::PyException_SetTraceback(value, traceback);
            }
            capi::xdecref(kind);
            capi::xdecref(traceback);
            value
        }
    };
    HPy {
        _i: exception as isize,
    }
}
