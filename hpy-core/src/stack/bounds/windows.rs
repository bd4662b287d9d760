//! Windows 8 and later.

use super::Bounds;

#[link(name = "kernel32")]
unsafe extern "system" {
    fn GetCurrentThreadStackLimits(lowest: *mut usize, end: *mut usize);
}

/// Of a thread that runs a fiber, the fiber's.
pub(super) fn bounds() -> Option<Bounds> {
    let (mut lowest, mut end) = (0, 0);
    // SAFETY: both are written to.
    unsafe { GetCurrentThreadStackLimits(&mut lowest, &mut end) };
    Some(Bounds { lowest, end })
}
