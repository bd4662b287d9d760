//! Critical sections of objects that a host's context knows by handles of its own.

use crate::Handle;
use core::marker::PhantomData;
use hpy_sys::capi::PyCriticalSection2;
use hpy_sys::universal::{LeaveSection, context_extension};

/// The place of a critical section, for a context that leads to a host.
pub(crate) struct HostSection(PyCriticalSection2);

/// While it lives, the section is entered. It borrows the place, which so does not move.
pub(crate) struct Entered<'a> {
    section: *mut PyCriticalSection2,
    leave: Option<LeaveSection>,
    _place: PhantomData<&'a mut HostSection>,
}

impl HostSection {
    pub(crate) const EMPTY: Self = Self(PyCriticalSection2::EMPTY);

    /// Enters the section of two objects, which may be the same. Only this project's package, and
    /// without the GIL, has any.
    #[inline(never)]
    pub(crate) fn enter<'a>(&'a mut self, a: &Handle<'_>, b: &Handle<'_>) -> Entered<'a> {
        let section = &raw mut self.0;
        let mut leave = None;
        let ctx = a.ctx();
        // SAFETY: the context is valid and the handles are open. The section's place is borrowed
        // until it is left.
        unsafe {
            if !ctx.raw.is_direct()
                && let Some(extension) = context_extension(ctx.as_ptr())
                && (extension.free_threaded)()
            {
                (extension.enter_section)(ctx.as_ptr(), section, a.as_raw(), b.as_raw());
                leave = Some(extension.leave_section);
            }
        }
        Entered {
            section,
            leave,
            _place: PhantomData,
        }
    }
}

impl Drop for Entered<'_> {
    #[inline(always)]
    fn drop(&mut self) {
        if let Some(leave) = self.leave {
            // SAFETY: this thread entered the section, and is in Python. Those that were entered
            // after it have been left.
            unsafe { leave(self.section) }
        }
    }
}
