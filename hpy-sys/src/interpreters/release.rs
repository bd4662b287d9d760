//! Releases references that belong to an interpreter, from any thread.

use super::attached;
use super::interpreter::{Interpreter, NO_INTERPRETER, by_number, current, is_attached_to};
use super::state::WAITING;
use crate::capi::{self, PyObject};
use crate::stack_pages;
use core::sync::atomic::{AtomicPtr, Ordering};

/// Releases a reference that the interpreter of this number owns. It is released now if the thread
/// is attached to that interpreter, otherwise when the interpreter next runs code of this library.
/// If the interpreter has ended, there is nothing to do.
///
/// May be called on any thread, attached to any interpreter or none.
///
/// # Safety
/// The caller owns the reference, which came from that interpreter.
pub unsafe extern "C" fn release(number: u64, object: *mut PyObject) {
    // SAFETY: the thread is attached to the reference's interpreter where it is released.
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
    // It may have ended since it was found, and another interpreter may have its entry.
    if owner.number.load(Ordering::Relaxed) == number && references.waiting.try_reserve(1).is_ok() {
        references.waiting.push(AtomicPtr::new(object));
        if WAITING.fetch_add(1, Ordering::Relaxed) == 0 {
            // The next call from Python is to see it.
            stack_pages::forget_all();
        }
    }
}

/// Releases the references that wait for the current interpreter. This runs finalizers, so no lock
/// is held.
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
        unsafe { capi::xdecref_cold(object.into_inner()) }
    }
}

/// Handles the end of an interpreter. Its references are released if it is still usable.
pub(super) fn end(interpreter: &'static Interpreter, usable: bool) {
    let none = core::ptr::null_mut();
    let (all, builtins) = {
        // `entry_of`, which ends stale interpreters, holds the lock of all entries.
        let mut references = interpreter.references.lock_another();
        interpreter
            .state
            .store(core::ptr::null_mut(), Ordering::Release);
        let builtins = interpreter.builtins.swap(none, Ordering::AcqRel);
        let all = references.take_all();
        // From here on another interpreter may use the entry.
        interpreter.number.store(NO_INTERPRETER, Ordering::Release);
        (all, builtins)
    };
    if !usable {
        return;
    }
    for object in all.into_iter().map(AtomicPtr::into_inner).chain([builtins]) {
        // SAFETY: the thread is attached to the interpreter that owned these references.
        unsafe { capi::xdecref_cold(object) }
    }
}
