//~ unknown calling convention `KWARGS`; use NOARGS, O, VARARGS or KEYWORDS
use hpy::sys::*;

unsafe extern "C" fn nothing(_ctx: *mut HPyContext, _module: HPy) -> HPy {
    HPy_NULL
}
hpy_raw_method!(static NOTHING = c"nothing", nothing, KWARGS, c"Nothing.");

fn main() {
    let _ = &NOTHING;
}
