//! What an interpreter's place holds: references that wait to be given up, and the objects of globals.

use super::{Interpreter, by_number, current};
use crate::capi::{self, PyObject};
use core::sync::atomic::{AtomicPtr, AtomicUsize, Ordering};

/// References that one interpreter owns.
pub(super) struct Belongings {
    /// Dropped where the interpreter could not be used.
    waiting: Vec<AtomicPtr<PyObject>>,
    /// Of globals, by their index; null for none.
    globals: Vec<AtomicPtr<PyObject>>,
}

/// How many references wait, of all interpreters together.
static WAITING: AtomicUsize = AtomicUsize::new(0);

impl Belongings {
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

/// Gives up a reference that the interpreter of this number owns: at once where that can be, else when it runs code of
/// this library next. What an interpreter owned that has ended is gone with it.
///
/// May be called on any thread, attached to any interpreter or none.
///
/// # Safety
/// The reference is the caller's, and was the interpreter's.
pub unsafe extern "C" fn release(number: u64, object: *mut PyObject) {
    // SAFETY: where the thread is attached to the reference's interpreter, it may be given up.
    unsafe {
        if capi::attached() && is_attached_to(number) {
            capi::decref(object);
        } else {
            later(number, object);
        }
    }
}

/// Whether the thread is attached to the interpreter of this number. It may be attached to one that
/// has loaded nothing, which `number` would take for the first.
///
/// # Safety
/// The thread is attached, and a module was loaded by the bundled runtime.
pub unsafe fn is_attached_to(number: u64) -> bool {
    // SAFETY: as promised by the caller.
    let state = unsafe { capi::current_interpreter() };
    by_number(number).is_some_and(|known| known.state.load(Ordering::Acquire) == state)
}

#[cold]
fn later(number: u64, object: *mut PyObject) {
    let Some(owner) = by_number(number) else {
        return;
    };
    let mut belongings = owner.belongings();
    // It may have ended, and another taken its place, since it was found.
    if owner.number.load(Ordering::Relaxed) == number && belongings.waiting.try_reserve(1).is_ok() {
        belongings.waiting.push(AtomicPtr::new(object));
        WAITING.fetch_add(1, Ordering::Relaxed);
    }
}

/// Gives up what waits for the current interpreter. That runs finalizers, so nothing is locked meanwhile.
///
/// # Safety
/// The thread is attached.
#[cold]
#[inline(never)]
pub unsafe extern "C" fn release_waiting() {
    // SAFETY: as promised by the caller.
    let Some(this) = (unsafe { current() }) else {
        return;
    };
    let waiting = {
        let mut belongings = this.belongings();
        WAITING.fetch_sub(belongings.waiting.len(), Ordering::Relaxed);
        core::mem::take(&mut belongings.waiting)
    };
    for object in waiting {
        // SAFETY: the thread is attached to the interpreter that owns the references.
        unsafe { capi::decref(object.into_inner()) }
    }
}

/// The end of an interpreter: what it has here is given up, as long as it can be used.
pub(super) fn end(interpreter: &'static Interpreter, usable: bool) {
    let none = core::ptr::null_mut();
    let (all, builtins) = {
        // Whoever finds an interpreter without an end holds the lock of all places.
        let mut belongings = interpreter.belongings.lock_too();
        interpreter
            .state
            .store(core::ptr::null_mut(), Ordering::Release);
        let builtins = interpreter.builtins.swap(none, Ordering::AcqRel);
        let all = belongings.take_all();
        // From here on the place may be another's.
        interpreter.number.store(super::NOBODY, Ordering::Release);
        (all, builtins)
    };
    if !usable {
        return;
    }
    for object in all.into_iter().map(AtomicPtr::into_inner).chain([builtins]) {
        // SAFETY: the thread is attached to the interpreter, whose references these were.
        unsafe { capi::xdecref(object) }
    }
}
