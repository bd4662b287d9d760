//! A module for the tests of the ways in which Python comes by a module.

use hpy::prelude::*;

/// Twice the integer.
#[hpy_method]
fn double(x: i64) -> i64 {
    x.wrapping_mul(2)
}

hpy_module! {
    /// A module that is imported in many ways.
    name: ways_in,
    methods: [double],
    constants: { ANSWER: 42 },
}
