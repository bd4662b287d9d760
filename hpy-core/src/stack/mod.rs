//! The end of the stack, seen coming.
//!
//! CPython counts recursion, and allows for as much as frames of its own leave room for: in 3.13
//! ten thousand calls, whatever the thread's stack is. Frames of Rust's are larger, above all in a
//! debug build, and endless recursion through Rust would end the process where it should raise.
//! PyPy measures the stack, and ends the process where one of its C API's functions finds it used
//! up, and where one of its own HPy's does; GraalPy ends it where Java does.

mod bounds;
mod conversion;
mod headroom;

pub use conversion::Level;
#[cfg(feature = "universal")]
pub(crate) use headroom::{count_of_calls, forget_counts, keep_count};

use crate::backend::quirks::Quirk;
use crate::exceptions::RecursionError;
use crate::{Context, Error};
use core::cell::Cell;

/// What recursion through Rust may use where PyPy allows for 768 KB in all, of which Python has
/// used some before. Frames of a debug build are larger.
const ROOM_ON_PYPY: usize = if cfg!(debug_assertions) {
    512 << 10
} else {
    320 << 10
};

/// At each entry from Python: whether recursion through Rust has come to an end by it, as half of
/// the thread's stack is used, or all of it but 4 MB; on PyPy, most of what it allows for.
#[inline(always)]
pub(crate) fn ends(ctx: Context<'_>) -> bool {
    !is_ready() && ends_elsewhere(ctx)
}

/// Whether a call may begin at once: the page that it runs on was seen to be usable, and nothing
/// waits to be released. That needs no variable of the thread.
#[inline(always)]
pub(crate) fn is_ready() -> bool {
    headroom::is_ready()
}

/// Whether a call may begin on PyPy's C API, where each has to be checked: by its own check, on a
/// page that is known to be usable, while nothing waits to be released. `false` is inconclusive.
#[cfg(feature = "universal")]
#[inline(always)]
pub(crate) fn is_left_on_pypy(ctx: Context<'_>) -> bool {
    ctx.raw.is_direct()
        && headroom::is_known()
        && !hpy_sys::interpreters::releases_wait()
        // SAFETY: with a context of the own runtime the thread is attached.
        && unsafe { hpy_sys::capi::is_stack_seen_to_be_left() }
}

#[cold]
#[inline(never)]
#[allow(improper_ctypes_definitions)] // Rust calls it.
pub(crate) extern "C" fn ends_elsewhere(ctx: Context<'_>) -> bool {
    if ctx.raw.is_direct() {
        // SAFETY: with a context of the own runtime the thread is attached.
        return unsafe { hpy_sys::capi::is_stack_low() } || !headroom::is_left();
    }
    ctx.has(Quirk::DEEP_RECURSION_ENDS_PROCESS) && used() > ROOM_ON_PYPY || !headroom::is_left()
}

/// The smallest stack that Python is entered on from outside. GraalPy 25 ends the process on one of
/// 96 KB, CPython 3.14 on one of 16. musl's threads have 128.
const SMALLEST_FOR_PYTHON: usize = 128 << 10;

/// Whether the thread's stack is large enough to enter Python from outside. One of somebody's own
/// making, of which nothing is known, is.
#[inline]
pub(crate) fn holds_python() -> bool {
    is_ready() || headroom::is_as_large_as(SMALLEST_FOR_PYTHON)
}

/// The error of an entry at which the stack [`ends`]. Where the interpreter has found that out
/// itself, it replaces the one that is pending.
#[cold]
#[inline(never)]
pub(crate) fn too_deep() -> Error {
    RecursionError::new("maximum recursion depth exceeded")
}

/// What conversions may use beyond that.
const MORE_FOR_CONVERSIONS: usize = 64 << 10;

thread_local! {
    /// Where the thread's outermost check was, on an interpreter that ends the process.
    static OUTERMOST: Cell<usize> = const { Cell::new(0) };
}

/// Bytes between the outermost check of the thread and this one. Stacks grow downwards.
fn used() -> usize {
    let here = here();
    if here > OUTERMOST.get() {
        OUTERMOST.set(here);
        conversion::limit_on_pypy(here.saturating_sub(ROOM_ON_PYPY + MORE_FOR_CONVERSIONS));
        // They were counted from further down.
        hpy_sys::stack_pages::forget_all();
    }
    OUTERMOST.get() - here
}

/// An address on the stack, in the caller's frame or just below it.
#[inline(always)]
fn here() -> usize {
    // A variable of its own would give the caller a frame.
    #[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
    {
        let here: usize;
        // SAFETY: it reads the stack pointer, and nothing else happens.
        unsafe {
            use core::arch::asm;
            #[cfg(target_arch = "x86_64")]
            asm!("mov {}, rsp", out(reg) here, options(nomem, nostack, preserves_flags));
            #[cfg(target_arch = "aarch64")]
            asm!("mov {}, sp", out(reg) here, options(nomem, nostack, preserves_flags));
        }
        here
    }
    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    {
        let here = 0u8;
        (&raw const here).addr()
    }
}
