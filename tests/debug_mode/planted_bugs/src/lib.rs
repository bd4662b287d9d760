//! Each mistake with handles that debug mode finds, on purpose. The test finds the lines by the
//! comments `BUG: name`.

use core::sync::atomic::{AtomicIsize, Ordering};
use hpy::prelude::*;
use hpy::sys::*;

/// Leaks a string.
#[hpy_method]
fn leak<'ctx>(ctx: Context<'ctx>, word: &str) -> Result<usize> {
    let text = ctx.str(word)?; // BUG: leak
    let length = text.len();
    core::mem::forget(text);
    Ok(length)
}

/// Leaks some numbers in two places.
#[hpy_method]
fn leak_in_two_places(ctx: Context<'_>, count: usize) -> Result<()> {
    for number in 0..count {
        core::mem::forget(number_of(ctx, number)?);
        core::mem::forget(ctx.float(0.5)?); // BUG: leak_float
    }
    Ok(())
}

#[inline(never)]
fn number_of(ctx: Context<'_>, number: usize) -> Result<Handle<'_>> {
    number.into_handle(ctx) // BUG: leak_number
}

/// Leaks nothing.
#[hpy_method]
fn clean(ctx: Context<'_>, word: &str) -> Result<usize> {
    Ok(ctx.str(word)?.len())
}

/// Calls a function while it has a handle of its own, which it closes afterwards.
#[hpy_method]
fn hold<'ctx>(ctx: Context<'ctx>, function: &Handle<'ctx>) -> Result<usize> {
    let text = ctx.str("held")?;
    let _ = function.call0()?;
    Ok(text.len())
}

/// Closes a handle twice.
#[hpy_method]
fn close_twice(ctx: Context<'_>) {
    // SAFETY: none, on purpose. Debug mode keeps the handle's memory.
    unsafe {
        let number = HPyLong_FromInt64_t(ctx.as_ptr(), 1000); // BUG: close_twice
        HPy_Close(ctx.as_ptr(), number);
        HPy_Close(ctx.as_ptr(), number);
    }
}

/// Uses a handle after it was closed.
#[hpy_method]
fn use_after_close(ctx: Context<'_>) -> i64 {
    // SAFETY: none, on purpose. Debug mode keeps the handle's memory, and the module its object.
    unsafe {
        let number = HPy_Dup(ctx.as_ptr(), (*ctx.as_ptr()).h_True); // BUG: use_after_close
        HPy_Close(ctx.as_ptr(), number);
        i64::from(HPy_IsTrue(ctx.as_ptr(), number))
    }
}

/// Uses the argument of the call before, and keeps this one.
#[hpy_method]
fn keep_argument<'ctx>(ctx: Context<'ctx>, argument: &Handle<'ctx>) -> i64 {
    let before = KEPT.swap(argument.as_raw()._i, Ordering::Relaxed);
    // SAFETY: none, on purpose. Debug mode keeps the handle's memory, and the caller its object.
    let truth = |_i| unsafe { HPy_IsTrue(ctx.as_ptr(), HPy { _i }) };
    if before == 0 {
        0
    } else {
        i64::from(truth(before)) // BUG: keep_argument
    }
}

static KEPT: AtomicIsize = AtomicIsize::new(0);

/// Builds a list twice with one builder.
#[hpy_method]
fn build_twice(ctx: Context<'_>) {
    // SAFETY: none, on purpose. Debug mode refuses the second.
    unsafe {
        let builder = HPyListBuilder_New(ctx.as_ptr(), 0);
        let list = HPyListBuilder_Build(ctx.as_ptr(), builder);
        HPy_Close(ctx.as_ptr(), list);
        HPyListBuilder_Cancel(ctx.as_ptr(), builder);
    }
}

hpy_module! {
    name: planted_rust,
    methods: [
        leak,
        leak_in_two_places,
        clean,
        hold,
        close_twice,
        use_after_close,
        keep_argument,
        build_twice
    ],
}
