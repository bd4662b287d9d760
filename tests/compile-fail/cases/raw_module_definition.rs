//~ expected `&Static<HPyModuleDef>`, found
use core::ptr::null_mut;
use hpy::sys::*;

/// The list of the definitions, and no definition of a module.
static DEFINES: Static<[*mut HPyDef; 1]> = Static::new([null_mut()]);
// SAFETY: it does not compile.
hpy_raw_module!(quick, unsafe { RawModule::new(&DEFINES) });

fn main() {
    let _ = &DEFINES;
}
