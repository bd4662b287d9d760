//! macOS and its like.

use super::Bounds;
use core::ffi::c_void;

unsafe extern "C" {
    fn pthread_self() -> *mut c_void;
    fn pthread_get_stackaddr_np(thread: *mut c_void) -> *mut c_void;
    fn pthread_get_stacksize_np(thread: *mut c_void) -> usize;
}

pub(super) fn bounds() -> Option<Bounds> {
    // SAFETY: the thread is the running one. The address is that of the stack's end.
    let (end, size) = unsafe {
        let thread = pthread_self();
        (
            pthread_get_stackaddr_np(thread).addr(),
            pthread_get_stacksize_np(thread),
        )
    };
    let lowest = end.checked_sub(size)?;
    Some(Bounds { lowest, end })
}
