//~ `legacy_methods` is for the CPython ABI and for HPy's hybrid form: code that uses Python.h is
//~   bound to one version of CPython
//~ `legacy_slots` is for the CPython ABI and for HPy's hybrid form
//~ Build with `--abi cpython` or `--abi hybrid`
//! A universal binary is bound to no version of Python, code that uses Python.h is.
use hpy::legacy::{LegacyMethods, LegacySlots};
use hpy::prelude::*;

// SAFETY: there is none.
const METHODS: LegacyMethods = unsafe { LegacyMethods::new(std::ptr::null()) };
// SAFETY: there is none.
const SLOTS: LegacySlots = unsafe { LegacySlots::new(std::ptr::null()) };

#[hpy_type(legacy_slots = SLOTS)]
struct Old {}

hpy_module! {
    name: one,
    types: [Old],
    legacy_methods: METHODS,
}

fn main() {}
