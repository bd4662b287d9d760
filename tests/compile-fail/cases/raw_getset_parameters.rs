//~ incorrect number of function parameters
use core::ffi::c_void;
use hpy::sys::*;

/// Without the closure.
unsafe extern "C" fn get(_ctx: *mut HPyContext, _self: HPy) -> HPy {
    HPy_NULL
}
hpy_raw_getset!(static ONE = c"one", get, c"One.");

unsafe extern "C" fn get_other(_ctx: *mut HPyContext, _self: HPy, _closure: *mut c_void) -> HPy {
    HPy_NULL
}

/// A setter says whether it has failed.
unsafe extern "C" fn set(_ctx: *mut HPyContext, _self: HPy, _value: HPy, _closure: *mut c_void) {}
hpy_raw_getset!(static OTHER = c"other", get_other, set, c"Another.");

fn main() {
    let _ = (&ONE, &OTHER);
}
