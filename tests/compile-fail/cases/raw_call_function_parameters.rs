//~ incorrect number of function parameters
use hpy::sys::*;

/// The names of the keywords are missing.
unsafe extern "C" fn call(
    _ctx: *mut HPyContext,
    _self: HPy,
    _args: *const HPy,
    _nargs: usize,
) -> HPy {
    HPy_NULL
}
hpy_raw_call_function!(static CALL = call);

fn main() {
    let _ = &CALL;
}
