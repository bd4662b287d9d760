//~ call to unsafe function
use core::ptr::null_mut;
use hpy::sys::*;

/// Where its methods should be listed is a pointer to anything.
static MODULE: Static<HPyModuleDef> = Static::new(HPyModuleDef {
    doc: null_mut(),
    size: 0,
    legacy_methods: null_mut(),
    defines: 1 as *mut *mut HPyDef,
    globals: null_mut(),
});
hpy_raw_module!(quick, RawModule::new(&MODULE));

fn main() {
    let _ = &MODULE;
}
