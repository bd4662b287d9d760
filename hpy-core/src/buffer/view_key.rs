//! `ViewKey`: what a view is known by.

use hpy_sys::HPy_buffer;

/// What a view is known by at its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(dead_code)] // In the CPython ABI only the first is.
pub(crate) enum ViewKey {
    /// What was put into its field `internal`.
    Internal,
    /// PyPy 7.3.19 and 8 give another struct with the same memory, without `internal`.
    Memory,
}

impl ViewKey {
    /// # Safety
    /// The view can be read.
    #[inline]
    pub(super) unsafe fn of(self, view: *const HPy_buffer) -> usize {
        match self {
            // SAFETY: as promised by the caller.
            ViewKey::Internal => unsafe { (*view).internal.addr() },
            // SAFETY: as promised by the caller.
            ViewKey::Memory => unsafe { (*view).buf.addr() },
        }
    }
}
