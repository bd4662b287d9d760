//~ attach` is unsafe and requires unsafe
//~ call to unsafe function `is_attached_to` is unsafe and requires unsafe
//~ call to unsafe function `number` is unsafe and requires unsafe
//~ call to unsafe function `PyExc_TypeError` is unsafe and requires unsafe

// A guard that is dropped out of order releases the GIL under a live context; the others need a
// thread that is attached.

use hpy::prelude::*;
use hpy::sys::{capi, interpreters};

#[hpy_method]
fn forget(ctx: Context<'_>) {
    ctx.detach(|| core::mem::forget(hpy::sys::attach()));
}

#[hpy_method]
fn ask(ctx: Context<'_>) -> u64 {
    ctx.detach(|| interpreters::number() + u64::from(interpreters::is_attached_to(1)))
}

#[hpy_method]
fn find(ctx: Context<'_>) -> bool {
    ctx.detach(|| capi::running::PyExc_TypeError().is_null())
}

fn main() {}
