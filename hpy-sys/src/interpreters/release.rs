//! Giving up what belongs to an interpreter, from wherever a thread may be.

use super::attached;
use super::interpreter::{Interpreter, NO_INTERPRETER, by_number, current, is_attached_to};
use super::state::WAITING;
use crate::capi::{self, PyObject};
use core::sync::atomic::{AtomicPtr, Ordering};

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
        if attached() && is_attached_to(number) {
            capi::decref(object);
        } else {
            later(number, object);
        }
    }
}

#[cold]
fn later(number: u64, object: *mut PyObject) {
    let Some(owner) = by_number(number) else {
        return;
    };
    let mut references = owner.references();
    // It may have ended, and another taken its place, since it was found.
    if owner.number.load(Ordering::Relaxed) == number && references.waiting.try_reserve(1).is_ok() {
        references.waiting.push(AtomicPtr::new(object));
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
        let mut references = this.references();
        WAITING.fetch_sub(references.waiting.len(), Ordering::Relaxed);
        core::mem::take(&mut references.waiting)
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
        let mut references = interpreter.references.lock_another();
        interpreter
            .state
            .store(core::ptr::null_mut(), Ordering::Release);
        let builtins = interpreter.builtins.swap(none, Ordering::AcqRel);
        let all = references.take_all();
        // From here on the place may be another's.
        interpreter.number.store(NO_INTERPRETER, Ordering::Release);
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
