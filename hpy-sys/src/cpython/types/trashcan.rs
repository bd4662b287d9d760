//! What the outermost deallocation does for those within it: a long chain of objects would overflow the stack if each
//! were given up by the one before.

use crate::capi::{self, PyObject};
use crate::interpreters;
use core::cell::{Cell, RefCell};

/// As many `dealloc`s run one within the other. Objects end so whose references are in a list's items or the like.
const DEEPEST: usize = 50;

/// What is put off.
pub(super) enum Deferred {
    /// Giving up a reference.
    Reference(*mut PyObject),
    /// The `dealloc` of an object, which the collector does not know any more.
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

/// The `dealloc`s that are running on a thread, in one interpreter: one may run another interpreter's code, whose objects
/// are not to be given up in the first.
#[derive(Clone, Copy)]
pub(super) struct Running {
    /// How many.
    depth: usize,
    /// The interpreter's number.
    interpreter: u64,
    /// How many references were pending when the outermost began: they are others'.
    pending: usize,
}

/// A `dealloc` begins. If it is the outermost in its interpreter, what was running before.
pub(super) fn enter() -> Option<Running> {
    let before = RUNNING.get();
    // SAFETY: the caller is an object's end, which the interpreter runs.
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

/// Gives up a reference: at once, or at the end of the outermost `dealloc`.
pub(super) unsafe fn release(o: *mut PyObject) {
    if !defer(Deferred::Reference(o)) {
        // SAFETY: the caller passes the reference on.
        unsafe { capi::xdecref_cold(o) }
    }
}

/// Leaves it to the outermost `dealloc`, if one is running in this interpreter.
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

/// The outermost `dealloc` ends: gives up what has been put off, until nothing is left.
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
            // SAFETY: the object has waited for this call, without the collector.
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

/// A `dealloc` ends that is not the outermost.
pub(super) fn leave_inner() {
    let running = RUNNING.get();
    RUNNING.set(Running {
        depth: running.depth.saturating_sub(1).max(1),
        ..running
    });
}

/// Whether so many `dealloc`s are running that another must wait.
pub(super) fn is_too_deep() -> bool {
    RUNNING.get().depth >= DEEPEST
}
