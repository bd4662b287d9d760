//! Forgets a handle on purpose: the tests of the others rely on debug mode to see it.

use hpy::prelude::*;

/// Forgets a handle to the object.
#[hpy_method]
fn forget(object: &Handle<'_>) {
    core::mem::forget(object.dup());
}

/// Makes a handle to the object and closes it.
#[hpy_method]
fn close(object: &Handle<'_>) {
    drop(object.dup());
}

hpy_module! {
    name: leak,
    methods: [forget, close],
}
