//~ cannot find value `HPy_nb_plus` in crate
use hpy::sys::*;

unsafe extern "C" fn plus(_ctx: *mut HPyContext, _self: HPy, _other: HPy) -> HPy {
    HPy_NULL
}
hpy_raw_slot!(static PLUS = HPy_nb_plus, plus);

fn main() {
    let _ = &PLUS;
}
