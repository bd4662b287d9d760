//! A module for the tests of the ways in which Python comes by a module.

use hpy::prelude::*;

/// Twice the integer.
#[hpy_method]
fn double(x: i64) -> i64 {
    x.wrapping_mul(2)
}

/// Whether the layout of the interpreter's objects is one that hpy knows.
#[hpy_method]
fn layout_known() -> bool {
    // SAFETY: a method runs on a thread that is attached.
    unsafe { hpy::sys::capi::running::layout_known() }
}

hpy_module! {
    /// A module that is imported in many ways.
    name: ways_to_import,
    methods: [double, layout_known],
    constants: { ANSWER: 42 },
}
