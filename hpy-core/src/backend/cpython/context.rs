//! The context of a call: nothing.

use hpy_sys::HPyContext;

/// There is no context to carry.
#[derive(Clone, Copy)]
pub(crate) struct RawContext;

impl RawContext {
    #[inline(always)]
    pub(crate) fn direct() -> Self {
        Self
    }

    #[inline(always)]
    pub(crate) fn is_direct(self) -> bool {
        crate::thread::detached::assert_attached();
        true
    }

    /// For code that is rarely run: the same.
    #[inline(always)]
    pub(crate) fn rarely(self) -> Self {
        self
    }

    #[inline(always)]
    pub(crate) fn as_ptr(self) -> *mut HPyContext {
        core::ptr::null_mut()
    }
}
