//~ expected "C" fn, found "Rust" fn
use core::ffi::{c_int, c_void};
use hpy::sys::*;

/// A length is an `isize`.
unsafe extern "C" fn length(_ctx: *mut HPyContext, _self: HPy) -> c_int {
    3
}
hpy_raw_slot!(static LENGTH = HPy_sq_length, length);

/// A comparison is told which.
unsafe extern "C" fn compare(_ctx: *mut HPyContext, _self: HPy, _other: HPy) -> HPy {
    HPy_NULL
}
hpy_raw_slot!(static COMPARE = HPy_tp_richcompare, compare);

/// The context is no argument of this one.
unsafe extern "C" fn destroy(_ctx: *mut HPyContext, _data: *mut c_void) {}
hpy_raw_slot!(static DESTROY = HPy_tp_destroy, destroy);

/// C's calling convention is missing.
unsafe fn negative(_ctx: *mut HPyContext, _self: HPy) -> HPy {
    HPy_NULL
}
hpy_raw_slot!(static NEGATIVE = HPy_nb_negative, negative);

fn main() {
    let _ = (&LENGTH, &COMPARE, &DESTROY, &NEGATIVE);
}
