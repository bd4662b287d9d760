//~ usage of an `unsafe` block
#![forbid(unsafe_code)]

use core::ptr::null_mut;
use hpy::sys::*;

static MODULE: Static<HPyModuleDef> = Static::new(HPyModuleDef {
    doc: null_mut(),
    size: 0,
    legacy_methods: null_mut(),
    defines: null_mut(),
    globals: null_mut(),
});
// SAFETY: it does not compile.
hpy_raw_module!(quick, unsafe { RawModule::new(&MODULE) });

fn main() {
    let _ = &MODULE;
}
