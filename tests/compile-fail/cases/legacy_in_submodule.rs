//~ `legacy_methods` applies to the whole module: write it beside `submodules`
//~ `legacy_method` is not a part of a module (did you mean `legacy_methods`?)
//! Functions in C are called with the module they were written for.
use hpy::legacy::LegacyMethods;
use hpy::prelude::*;

// SAFETY: there is none.
const OLD: LegacyMethods = unsafe { LegacyMethods::new(std::ptr::null()) };

hpy_module! {
    name: outer,
    submodules: {
        inner: { legacy_methods: OLD },
    },
}

hpy_module! {
    name: other,
    legacy_method: OLD,
}

fn main() {}
