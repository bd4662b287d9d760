//~ incorrect number of function parameters
use hpy::sys::*;

/// Takes no argument, though `O` has one.
unsafe extern "C" fn nothing(_ctx: *mut HPyContext, _module: HPy) -> HPy {
    HPy_NULL
}
hpy_raw_method!(static NOTHING = c"nothing", nothing, O, c"Nothing.");

fn main() {
    let _ = &NOTHING;
}
