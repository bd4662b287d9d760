//! Trackers: they close handles of debug mode, so they are lists of these.

use super::checks::ctx_Close;
use super::context::check;
use core::ffi::c_int;
use hpy::sys::*;

/// There is always capacity for one more handle: the tracker owns a handle even when adding it
/// fails with a MemoryError.
struct Tracked(Vec<HPy>);

pub(super) unsafe extern "C" fn ctx_Tracker_New(
    ctx: *mut HPyContext,
    size: HPy_ssize_t,
) -> HPyTracker {
    // SAFETY: a debug context.
    let info = unsafe { check(ctx) };
    let mut handles = Vec::new();
    let room = usize::try_from(size).unwrap_or(0).saturating_add(1);
    if handles.try_reserve(room).is_err() {
        // SAFETY: the wrapped context is valid.
        unsafe { HPyErr_NoMemory(info.underlying()) };
        return HPyTracker::NULL;
    }
    HPyTracker {
        _i: Box::into_raw(Box::new(Tracked(handles))) as isize,
    }
}

pub(super) unsafe extern "C" fn ctx_Tracker_Add(
    ctx: *mut HPyContext,
    tracker: HPyTracker,
    handle: HPy,
) -> c_int {
    // SAFETY: a debug context, and a tracker of `ctx_Tracker_New` that is not closed.
    unsafe {
        let info = check(ctx);
        let handles = &mut (*(tracker._i as *mut Tracked)).0;
        handles.push(handle);
        if handles.try_reserve(1).is_err() {
            HPyErr_NoMemory(info.underlying());
            return -1;
        }
    }
    0
}

pub(super) unsafe extern "C" fn ctx_Tracker_ForgetAll(ctx: *mut HPyContext, tracker: HPyTracker) {
    // SAFETY: a debug context, and a tracker of `ctx_Tracker_New` that is not closed.
    unsafe {
        check(ctx);
        (*(tracker._i as *mut Tracked)).0.clear();
    }
}

pub(super) unsafe extern "C" fn ctx_Tracker_Close(ctx: *mut HPyContext, tracker: HPyTracker) {
    // SAFETY: a debug context, and a tracker of `ctx_Tracker_New` that is not used again.
    unsafe {
        check(ctx);
        if tracker.is_null() {
            return;
        }
        let tracked = Box::from_raw(tracker._i as *mut Tracked);
        for handle in tracked.0 {
            ctx_Close(ctx, handle);
        }
    }
}
