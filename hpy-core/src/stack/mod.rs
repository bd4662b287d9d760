//! The end of the stack, seen coming.
//!
//! CPython counts recursion, and allows for as much as frames of its own leave room for: in 3.13 ten thousand calls, whatever the thread's
//! stack is. Frames of Rust's are larger, above all in a debug build, and endless recursion through Rust would end the process where it
//! should raise. PyPy measures the stack, and ends the process where one of its C API's functions finds it used up, and where one of its
//! own HPy's does; GraalPy ends it where Java does.

mod room;

use crate::exceptions::RecursionError;
use crate::{Context, Error, Result, abi};
use core::cell::Cell;

/// What recursion through Rust may use where PyPy allows for 768 KB in all, of which Python has used some before. Frames of a debug build are larger.
const ROOM_ON_PYPY: usize = if cfg!(debug_assertions) {
    512 << 10
} else {
    320 << 10
};

/// At each entry from Python: whether recursion through Rust has come to an end by it, as half of the thread's stack is used, or all of it
/// but 4 MB; on PyPy, most of what it allows for.
#[inline(always)]
pub(crate) fn ends(ctx: Context<'_>) -> bool {
    if ctx.raw.is_direct() {
        // SAFETY: with a context of the own runtime the thread is attached.
        return unsafe { hpy_sys::capi::stack_ends() } || !room::is_left();
    }
    // What was seen to be within the room for Rust on PyPy needs no second look, nor a variable of the thread.
    !room::is_known() && ends_elsewhere(ctx)
}

#[cold]
#[inline(never)]
fn ends_elsewhere(ctx: Context<'_>) -> bool {
    abi::dies_of_recursion(ctx) && used() > ROOM_ON_PYPY || !room::is_left()
}

/// The error of an entry at which the stack [`ends`]. Where the interpreter has found that out itself, it replaces the one that is pending.
#[cold]
#[inline(never)]
pub(crate) fn too_deep() -> Error {
    RecursionError::new("maximum recursion depth exceeded")
}

/// What conversions that call each other may use of the stack, from the outermost on. A debug build's frames are larger.
const FOR_CONVERSIONS: usize = if cfg!(debug_assertions) {
    512 << 10
} else {
    256 << 10
};

thread_local! {
    static OUTERMOST_CONVERSION: Cell<usize> = const { Cell::new(0) };
}

/// A conversion that may come to itself again, as that of a list within itself does.
#[derive(Debug)]
pub struct Level {
    outermost: bool,
}

impl Level {
    /// To be held while the conversion runs.
    ///
    /// # Errors
    /// RecursionError, where the conversions around this one have used what they may of the stack.
    pub fn enter() -> Result<Self> {
        let here = 0u8;
        let here = (&raw const here).addr();
        let outermost = OUTERMOST_CONVERSION.try_with(|base| match base.get() {
            0 => {
                base.set(here);
                Some(true)
            }
            base if base.saturating_sub(here) > FOR_CONVERSIONS => None,
            _ => Some(false),
        });
        match outermost.unwrap_or(Some(false)) {
            Some(outermost) => Ok(Self { outermost }),
            None => Err(too_deep_in_a_conversion()),
        }
    }
}

impl Drop for Level {
    #[inline]
    fn drop(&mut self) {
        if self.outermost {
            let _ = OUTERMOST_CONVERSION.try_with(|base| base.set(0));
        }
    }
}

#[cold]
fn too_deep_in_a_conversion() -> Error {
    RecursionError::new("maximum recursion depth exceeded in a conversion")
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
            if here > outermost.get() {
                outermost.set(here);
                // They were counted from further down.
                room::forget();
            }
            outermost.get() - here
        })
        .unwrap_or(0)
}
