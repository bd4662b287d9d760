//! The references that an interpreter's entry holds: those waiting to be released, and the objects
//! of globals.

use crate::capi::PyObject;
use core::sync::atomic::{AtomicPtr, AtomicUsize, Ordering};

/// References that one interpreter owns.
pub(super) struct InterpreterState {
    /// Dropped on a thread that was not attached to the interpreter.
    pub(super) waiting: Vec<AtomicPtr<PyObject>>,
    /// The objects of globals by their index, or null.
    globals: Vec<AtomicPtr<PyObject>>,
}

/// The number of waiting references of all interpreters.
pub(super) static WAITING: AtomicUsize = AtomicUsize::new(0);

impl InterpreterState {
    pub(super) const fn new() -> Self {
        Self {
            waiting: Vec::new(),
            globals: Vec::new(),
        }
    }

    /// The object of a global, borrowed, or null.
    pub(super) fn global(&self, index: usize) -> *mut PyObject {
        let object = self.globals.get(index);
        object.map_or(core::ptr::null_mut(), |object| {
            object.load(Ordering::Relaxed)
        })
    }

    /// Sets the object of a global. Returns the old reference to the caller.
    pub(super) fn set_global(&mut self, index: usize, object: *mut PyObject) -> *mut PyObject {
        if index >= self.globals.len() {
            self.globals.resize_with(index + 1, AtomicPtr::default);
        }
        match self.globals.get_mut(index) {
            Some(place) => core::mem::replace(place.get_mut(), object),
            // The vector was just resized.
            None => core::ptr::null_mut(),
        }
    }

    /// Takes all references out.
    pub(super) fn take_all(&mut self) -> Vec<AtomicPtr<PyObject>> {
        WAITING.fetch_sub(self.waiting.len(), Ordering::Relaxed);
        let mut all = core::mem::take(&mut self.globals);
        all.append(&mut self.waiting);
        all
    }
}

/// Whether any references wait to be released. Each call from Python on a page that is not
/// [ready](crate::stack_pages) checks this and then calls
/// [`release_waiting`](super::release_waiting).
#[inline(always)]
pub fn releases_wait() -> bool {
    WAITING.load(Ordering::Relaxed) != 0
}
