//! Conversions that call each other: an end before that of the stack.

use super::bounds::Bounds;
use super::{headroom, here};
use crate::exceptions::RecursionError;
use crate::{Error, Result};
use core::cell::Cell;
use core::ptr::NonNull;

/// What conversions that call each other may use of the stack, from the outermost on, if it has
/// that much: what is made of them is as deep, and is printed, compared and dropped by recursion
/// too. A debug build's frames are larger.
const MOST: usize = if cfg!(debug_assertions) {
    512 << 10
} else {
    256 << 10
};

/// The conversions that are running on a thread. Nothing in it is dropped: a thread that is ending
/// has it as well.
struct Running {
    /// Where the outermost one stands, or zero.
    top: Cell<usize>,
    /// How far down they may go.
    lowest: Cell<usize>,
    /// The thread's stack and how far down anybody may go there, once it has been asked; the end is
    /// zero before.
    stack: Cell<(Bounds, usize)>,
    /// How far down conversions may go where PyPy's own HPy runs them, or zero.
    on_pypy: Cell<usize>,
}

thread_local! {
    static RUNNING: Running = const {
        Running {
            top: Cell::new(0),
            lowest: Cell::new(0),
            stack: Cell::new((Bounds { lowest: 0, end: 0 }, 0)),
            on_pypy: Cell::new(0),
        }
    };
}

/// A conversion that may come to itself again, as that of a list within itself does.
#[derive(Debug)]
pub struct Level {
    /// The thread's variable, which the outermost one clears.
    top: Option<NonNull<Cell<usize>>>,
}

impl Level {
    /// To be held while the conversion runs.
    ///
    /// # Errors
    /// RecursionError, where the conversions around this one have used what they may of the stack.
    #[inline]
    pub fn enter() -> Result<Self> {
        let here = here();
        RUNNING.with(|running| {
            let top = running.top.get();
            let level = match top {
                0 => running.begin(here),
                _ => Self { top: None },
            };
            if (here < running.lowest.get() && !is_elsewhere(here, top)) || pypy_says_no() {
                drop(level);
                return Err(too_deep());
            }
            Ok(level)
        })
    }

    /// The same, where what is converted may convert more in turn.
    #[inline(always)]
    pub(crate) fn if_nested(nests: bool) -> Result<Option<Self>> {
        match nests {
            true => Self::enter().map(Some),
            false => Ok(None),
        }
    }
}

impl Drop for Level {
    #[inline]
    fn drop(&mut self) {
        if let Some(top) = self.top {
            // SAFETY: a level is not Send, and a thread's variable that needs no drop is there
            // until it ends.
            unsafe { top.as_ref() }.set(0);
        }
    }
}

impl Running {
    /// The outermost one begins.
    #[inline]
    fn begin(&self, here: usize) -> Level {
        let (mut stack, mut usable) = self.stack.get();
        if stack.end == 0 {
            (stack, usable) = self.ask();
        }
        let mut lowest = here.saturating_sub(MOST).max(self.on_pypy.get());
        // A stack of somebody's own making is not judged.
        if stack.contains(here) {
            lowest = lowest.max(usable);
        }
        self.lowest.set(lowest);
        self.top.set(here);
        Level {
            top: Some(NonNull::from(&self.top)),
        }
    }

    #[cold]
    #[inline(never)]
    fn ask(&self) -> (Bounds, usize) {
        let bounds = headroom::bounds();
        let asked = (bounds, headroom::lowest_usable(&bounds));
        self.stack.set(asked);
        asked
    }
}

/// How far down conversions may go on the running thread, where PyPy's own HPy runs them.
pub(super) fn limit_on_pypy(lowest: usize) {
    RUNNING.with(|running| running.on_pypy.set(lowest));
}

/// Whether the outermost one, of a fiber or the like, runs on another stack: then nothing is known
/// of this one's end.
#[cold]
#[inline(never)]
fn is_elsewhere(here: usize, top: usize) -> bool {
    let bounds = headroom::bounds();
    top != 0 && bounds.contains(here) != bounds.contains(top)
}

/// Whether an interpreter whose C API ends the process at the end of the stack says that it is
/// near: PyPy.
#[inline(always)]
fn pypy_says_no() -> bool {
    // SAFETY: conversions run on attached threads only.
    unsafe { hpy_sys::capi::is_stack_low() && clear() }
}

/// The error is a value here: what the interpreter has raised does not stay pending.
///
/// # Safety
/// The thread is attached.
#[cold]
unsafe fn clear() -> bool {
    // SAFETY: as promised by the caller.
    unsafe { hpy_sys::capi::PyErr_Clear() };
    true
}

#[cold]
#[inline(never)]
fn too_deep() -> Error {
    RecursionError::new("maximum recursion depth exceeded in a conversion")
}
