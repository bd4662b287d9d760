//! Trackers: handles to close together.

use crate::capi::{self, PyObject};
use crate::handles::HPyTracker;
use core::ffi::c_int;

/// What a tracker's word points to. There is always capacity for one more handle, so that the
/// tracker owns a handle even when adding it fails with a MemoryError.
struct Tracked(Vec<*mut PyObject>);

pub(super) unsafe fn HPyTracker_New(size: isize) -> HPyTracker {
    let mut handles = Vec::new();
    let room = usize::try_from(size).unwrap_or(0).saturating_add(1);
    if handles.try_reserve(room).is_err() {
        // SAFETY: the thread is attached.
        unsafe { capi::PyErr_NoMemory() };
        return HPyTracker::NULL;
    }
    HPyTracker {
        _i: Box::into_raw(Box::new(Tracked(handles))) as isize,
    }
}

pub(super) unsafe fn HPyTracker_Add(tracker: HPyTracker, o: *mut PyObject) -> c_int {
    // SAFETY: the caller's tracker is one of `HPyTracker_New`, not yet closed.
    let handles = unsafe { &mut (*(tracker._i as *mut Tracked)).0 };
    handles.push(o);
    if handles.try_reserve(1).is_err() {
        // SAFETY: the thread is attached.
        unsafe { capi::PyErr_NoMemory() };
        return -1;
    }
    0
}

pub(super) unsafe fn HPyTracker_ForgetAll(tracker: HPyTracker) {
    // SAFETY: the caller's tracker is one of `HPyTracker_New`, not yet closed.
    unsafe { (*(tracker._i as *mut Tracked)).0.clear() }
}

pub(super) unsafe fn HPyTracker_Close(tracker: HPyTracker) {
    if tracker.is_null() {
        return;
    }
    // SAFETY: the caller's tracker is one of `HPyTracker_New`, and not used again.
    let tracked = unsafe { Box::from_raw(tracker._i as *mut Tracked) };
    for o in tracked.0 {
        // SAFETY: the tracker owns the handle.
        unsafe { capi::xdecref_cold(o) }
    }
}
