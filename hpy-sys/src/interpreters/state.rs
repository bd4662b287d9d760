//! What an interpreter's place holds: references that wait to be given up, and the objects of globals.

use crate::capi::PyObject;
use core::sync::atomic::{AtomicPtr, AtomicUsize, Ordering};

/// References that one interpreter owns.
pub(super) struct InterpreterState {
    /// Dropped where the interpreter could not be used.
    pub(super) waiting: Vec<AtomicPtr<PyObject>>,
    /// Of globals, by their index; null for none.
    globals: Vec<AtomicPtr<PyObject>>,
}

/// How many references wait, of all interpreters together.
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

    /// Puts an object in place of a global's before, whose reference the caller gets.
    pub(super) fn set_global(&mut self, index: usize, object: *mut PyObject) -> *mut PyObject {
        if index >= self.globals.len() {
            self.globals.resize_with(index + 1, AtomicPtr::default);
        }
        match self.globals.get_mut(index) {
            Some(place) => core::mem::replace(place.get_mut(), object),
            // It was made just now.
            None => core::ptr::null_mut(),
        }
    }

    /// Everything, which nobody owns any more then.
    pub(super) fn take_all(&mut self) -> Vec<AtomicPtr<PyObject>> {
        WAITING.fetch_sub(self.waiting.len(), Ordering::Relaxed);
        let mut all = core::mem::take(&mut self.globals);
        all.append(&mut self.waiting);
        all
    }
}

/// Whether anything waits to be released. An entry asks, and then calls [`release_waiting`].
#[inline(always)]
pub fn releases_wait() -> bool {
    WAITING.load(Ordering::Relaxed) != 0
}
