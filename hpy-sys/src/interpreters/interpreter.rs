//! The list of interpreters, and which of them this thread is attached to.

use super::state::InterpreterState;
use crate::capi::{self, PyObject};
use crate::fork::{Guard, Lock};
use core::ffi::c_void;
use core::sync::atomic::{AtomicBool, AtomicPtr, AtomicU64, Ordering};

/// How many interpreters of a process may import a module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interpreters {
    /// One at a time. A second one gets an ImportError until the first has ended.
    One,
    /// Any number, including in parallel.
    Many,
}

/// Set before a second interpreter runs any code of this library.
pub(super) static SEVERAL: AtomicBool = AtomicBool::new(false);

/// The interpreter that loaded a module of this library first. The entry is never reused.
pub(super) static FIRST: Interpreter = Interpreter::new(FIRST_NUMBER);
pub(super) const FIRST_NUMBER: u64 = 1;

/// The number of an entry whose interpreter has ended, and of an interpreter that has loaded
/// nothing.
pub(super) const NO_INTERPRETER: u64 = 0;

/// An interpreter that has loaded a module of this library. Entries are never freed: after the
/// interpreter's end, another one reuses the entry.
pub(super) struct Interpreter {
    pub(super) number: AtomicU64,
    /// CPython's `PyInterpreterState`. Null after the interpreter's end, and where there can only
    /// be one interpreter.
    pub(super) state: AtomicPtr<c_void>,
    /// The dict of its module `builtins`, after the first request for it.
    pub(super) builtins: AtomicPtr<PyObject>,
    pub(super) references: Lock<InterpreterState>,
    pub(super) next: AtomicPtr<Interpreter>,
}

/// Whether more than one interpreter has loaded a module of this library.
#[inline(always)]
pub fn several() -> bool {
    SEVERAL.load(Ordering::Relaxed)
}

/// The number of the interpreter that this thread is attached to.
///
/// # Safety
/// The thread is attached.
#[inline(always)]
pub unsafe fn number() -> u64 {
    if several() {
        // SAFETY: as promised by the caller.
        unsafe { numbered() }
    } else {
        FIRST_NUMBER
    }
}

#[cold]
#[inline(never)]
unsafe extern "C" fn numbered() -> u64 {
    // SAFETY: as promised by the caller.
    unsafe { current() }.map_or(NO_INTERPRETER, |this| this.number.load(Ordering::Relaxed))
}

/// Whether this thread is attached to the interpreter of this number, so that it may use its
/// objects.
///
/// # Safety
/// The thread is attached.
#[inline(always)]
pub unsafe fn is_current(number: u64) -> bool {
    // SAFETY: as promised by the caller.
    number != NO_INTERPRETER && number == unsafe { self::number() }
}

/// Whether this thread is attached to the first interpreter.
///
/// # Safety
/// The thread is attached.
#[inline(always)]
pub unsafe fn is_first() -> bool {
    // SAFETY: as promised by the caller.
    unsafe { number() == FIRST_NUMBER }
}

/// The interpreter that this thread is attached to. None if it has loaded nothing or is at its very
/// end.
///
/// # Safety
/// The thread is attached.
#[inline(always)]
pub(super) unsafe fn current() -> Option<&'static Interpreter> {
    if several() {
        // SAFETY: as promised by the caller.
        unsafe { find() }
    } else {
        Some(&FIRST)
    }
}

#[cold]
#[inline(never)]
unsafe fn find() -> Option<&'static Interpreter> {
    // SAFETY: as promised by the caller.
    let state = unsafe { capi::current_interpreter() };
    all().find(|known| !state.is_null() && known.state.load(Ordering::Acquire) == state)
}

pub(super) fn all() -> impl Iterator<Item = &'static Interpreter> {
    let mut next = Some(&FIRST);
    core::iter::from_fn(move || {
        let this = next?;
        // SAFETY: entries are never freed.
        next = unsafe { this.next.load(Ordering::Acquire).as_ref() };
        Some(this)
    })
}

/// The interpreter of this number, unless it has ended.
pub(super) fn by_number(number: u64) -> Option<&'static Interpreter> {
    all().find(|known| number != NO_INTERPRETER && known.number.load(Ordering::Acquire) == number)
}

impl Interpreter {
    pub(super) const fn new(number: u64) -> Self {
        Self {
            number: AtomicU64::new(number),
            state: AtomicPtr::new(core::ptr::null_mut()),
            builtins: AtomicPtr::new(core::ptr::null_mut()),
            references: Lock::new(InterpreterState::new()),
            next: AtomicPtr::new(core::ptr::null_mut()),
        }
    }

    /// No thread calls Python while holding this, so the wait is short.
    #[inline(never)]
    pub(super) fn references(&'static self) -> Guard<InterpreterState> {
        self.references.lock()
    }

    pub(super) fn is_first(&self) -> bool {
        core::ptr::eq(self, &FIRST)
    }
}

/// Set once the bundled runtime has loaded a module of this library.
pub(super) static LOADED: AtomicBool = AtomicBool::new(false);

/// Whether the bundled runtime has loaded a module of this library. If so, what was detected for it
/// is visible to this thread.
#[cfg(feature = "universal")]
#[inline(always)]
pub fn is_loaded() -> bool {
    LOADED.load(Ordering::Acquire)
}

/// Whether an interpreter other than the first has loaded a module. A refused one runs no code of
/// the library.
pub(super) static JOINED: AtomicBool = AtomicBool::new(false);

/// The cache of the current interpreter's dict of builtins. None at the interpreter's very end.
///
/// # Safety
/// The thread is attached.
#[inline(always)]
pub(crate) unsafe fn builtins() -> Option<&'static AtomicPtr<PyObject>> {
    // SAFETY: as promised by the caller.
    unsafe { current() }.map(|this| &this.builtins)
}

/// Checks that the main interpreter, and no other, has loaded modules of this library. The error is
/// the reason.
pub(crate) fn is_main_alone() -> Result<(), &'static str> {
    if !LOADED.load(Ordering::Acquire) {
        return Err(if cfg!(feature = "embed") {
            "no Python runs in this program: call hpy::embed::Python::start first"
        } else {
            "the HPy runtime that has loaded the module cannot attach threads"
        });
    }
    if JOINED.load(Ordering::Acquire) {
        return Err(
            "several interpreters of the process have loaded the module, and only one could be \
             entered",
        );
    }
    if FIRST.number.load(Ordering::Acquire) != FIRST_NUMBER {
        return Err("the interpreter that has loaded the module has ended");
    }
    let state = FIRST.state.load(Ordering::Acquire);
    if !state.is_null() && capi::main_interpreter() != state {
        return Err(
            "the interpreter that has loaded the module is not the main one, and cannot be \
             entered from outside",
        );
    }
    Ok(())
}

/// Whether the thread is attached to the interpreter of this number. Unlike `number`, this does not
/// mistake an interpreter that has loaded nothing for the first one.
///
/// # Safety
/// The thread is attached, and a module was loaded by the bundled runtime.
pub unsafe fn is_attached_to(number: u64) -> bool {
    // SAFETY: as promised by the caller.
    let state = unsafe { capi::current_interpreter() };
    by_number(number).is_some_and(|known| known.state.load(Ordering::Acquire) == state)
}

/// Whether this thread is attached to an interpreter that has loaded a module of this library, so
/// that it may use Python through it. May be called on any thread. Returns false if it cannot tell.
#[inline]
pub fn is_attached_to_known() -> bool {
    if !super::attached() {
        return false;
    }
    // SAFETY: the thread is attached.
    let state = unsafe { capi::current_interpreter() };
    // Both are null where there can only be one.
    if state == FIRST.state.load(Ordering::Relaxed) {
        return FIRST.number.load(Ordering::Relaxed) == FIRST_NUMBER;
    }
    several() && all().any(|known| !state.is_null() && known.state.load(Ordering::Acquire) == state)
}
