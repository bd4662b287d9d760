//! The end of the stack, seen coming: in debug builds, and on PyPy.
//!
//! CPython counts recursion, and allows for as much as frames of optimized code leave room for. Those of a
//! debug build are several times as large: endless recursion through Rust would end the process where it
//! should raise. PyPy measures the stack, and ends the process where one of its C API's functions finds
//! it used up. On CPython, optimized builds have no check.

use crate::exceptions::RecursionError;
use crate::{Context, Error, Result};
use core::cell::Cell;

/// What a debug build may use of a thread's stack, which is 8 MB by the usual limits.
const ROOM: usize = 4 << 20;

/// At each entry from Python: recursion through Rust comes by one.
///
/// # Errors
/// RecursionError, in debug builds, where half of the stack is used; on PyPy, where most of what it allows for is.
#[inline(always)]
pub(crate) fn check(ctx: Context<'_>) -> Result<()> {
    // SAFETY: with a context of the own runtime the thread is attached.
    if ctx.raw.is_direct() && unsafe { hpy_sys::capi::stack_ends() } {
        return Err(Error::fetch(ctx));
    }
    if cfg!(debug_assertions) && used() > ROOM {
        return Err(RecursionError::new(
            "maximum recursion depth exceeded in a debug build",
        ));
    }
    Ok(())
}

/// Bytes between the outermost check of the thread and this one. Stacks grow downwards.
fn used() -> usize {
    thread_local! {
        static OUTERMOST: Cell<usize> = const { Cell::new(0) };
    }
    let here = 0u8;
    let here = (&raw const here).addr();
    // A thread that is ending has no such variable any more.
    OUTERMOST
        .try_with(|outermost| {
            outermost.set(outermost.get().max(here));
            outermost.get() - here
        })
        .unwrap_or(0)
}
