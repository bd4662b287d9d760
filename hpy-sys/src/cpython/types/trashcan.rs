//! The trashcan: the outermost deallocation also does nested ones. Otherwise a long chain of
//! objects would overflow the stack, as each deallocation releases the next object.

use crate::capi::{self, PyObject};
use crate::interpreters;
use core::cell::{Cell, RefCell};

/// Maximum nesting depth of `dealloc`. Nesting happens when a container releases its items.
const MAX_DEPTH: usize = 50;

/// What a nested `dealloc` defers.
pub(super) enum Deferred {
    /// A reference to release.
    Reference(*mut PyObject),
    /// An object to deallocate. The collector no longer tracks it.
    Dead(*mut PyObject),
}

thread_local! {
    static RUNNING: Cell<Running> = const {
        Cell::new(Running {
            depth: 0,
            interpreter: 0,
            pending: 0,
        })
    };
    static PENDING: RefCell<Vec<Deferred>> = const { RefCell::new(Vec::new()) };
}

/// The running `dealloc`s of a thread in one interpreter. One of them may run another interpreter's
/// code, whose objects must not be released in the first.
#[derive(Clone, Copy)]
pub(super) struct Running {
    /// The nesting depth.
    depth: usize,
    /// The interpreter's number.
    interpreter: u64,
    /// The number of deferred items when the outermost one began, which belong to another
    /// interpreter.
    pending: usize,
}

/// Begins a `dealloc`. Returns the previous state if it is the outermost one in its interpreter.
pub(super) fn enter() -> Option<Running> {
    let before = RUNNING.get();
    // SAFETY: the caller is a `dealloc`, so the thread is attached.
    let interpreter = unsafe { interpreters::number() };
    if before.depth > 0 && before.interpreter == interpreter {
        RUNNING.set(Running {
            depth: before.depth + 1,
            ..before
        });
        return None;
    }
    let pending = PENDING
        .try_with(|pending| pending.try_borrow().map_or(0, |pending| pending.len()))
        .unwrap_or(0);
    RUNNING.set(Running {
        depth: 1,
        interpreter,
        pending,
    });
    Some(before)
}

/// Releases a reference now or at the end of the outermost `dealloc`.
pub(super) unsafe fn release(o: *mut PyObject) {
    if !defer(Deferred::Reference(o)) {
        // SAFETY: the caller passes the reference on.
        unsafe { capi::xdecref_cold(o) }
    }
}

/// Defers an item to the outermost `dealloc`. Returns false if none is running in this interpreter.
pub(super) fn defer(what: Deferred) -> bool {
    let running = RUNNING.get();
    running.depth > 0
        // SAFETY: as in `enter`.
        && running.interpreter == unsafe { interpreters::number() }
        && PENDING
            .try_with(|pending| {
                pending
                    .try_borrow_mut()
                    .is_ok_and(|mut pending| match pending.try_reserve(1) {
                        Ok(()) => {
                            pending.push(what);
                            true
                        }
                        Err(_) => false,
                    })
            })
            .unwrap_or(false)
}

/// Ends the outermost `dealloc`: handles deferred items until none is left.
pub(super) unsafe fn leave(before: Running, dealloc: unsafe extern "C" fn(*mut PyObject)) {
    let pending = RUNNING.get().pending;
    loop {
        let next = PENDING
            .try_with(|list| match list.try_borrow_mut() {
                Ok(mut list) if list.len() > pending => list.pop(),
                _ => None,
            })
            .ok()
            .flatten();
        match next {
            // SAFETY: the list owns the reference.
            Some(Deferred::Reference(o)) => unsafe { capi::xdecref_cold(o) },
            // SAFETY: the object was deferred for this call, untracked.
            Some(Deferred::Dead(o)) => unsafe {
                if capi::type_flags(capi::type_of(o)) & capi::Py_TPFLAGS_HAVE_GC != 0 {
                    capi::PyObject_GC_Track(o.cast());
                }
                dealloc(o);
            },
            None => break,
        }
    }
    RUNNING.set(before);
}

/// Ends a `dealloc` that is not the outermost.
pub(super) fn leave_inner() {
    let running = RUNNING.get();
    RUNNING.set(Running {
        depth: running.depth.saturating_sub(1).max(1),
        ..running
    });
}

/// Whether the nesting is so deep that another `dealloc` must be deferred.
pub(super) fn is_too_deep() -> bool {
    RUNNING.get().depth >= MAX_DEPTH
}
