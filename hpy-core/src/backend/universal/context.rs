//! The context of a call: what the caller passes.

use hpy_sys::*;

/// The context of a call.
#[derive(Clone, Copy)]
pub(crate) struct RawContext(*mut HPyContext);

// SAFETY: an address alone does nothing; it is used through `Context` only, which is neither Send
// nor Sync. So the compiler's complaint names that reason alone, the same in both ABIs.
unsafe impl Send for RawContext {}
// SAFETY: as above.
unsafe impl Sync for RawContext {}

impl RawContext {
    #[inline(always)]
    pub(crate) fn new(ctx: *mut HPyContext) -> Self {
        Self(ctx)
    }

    /// The context of the own runtime: a constant, so that what depends on it is decided when
    /// compiled.
    #[inline(always)]
    pub(crate) fn direct() -> Self {
        Self(BUNDLED_CONTEXT.as_ptr().cast())
    }

    #[inline(always)]
    pub(crate) fn is_direct(self) -> bool {
        crate::thread::detached::assert_attached();
        is_of_bundled_runtime(self.0)
    }

    /// The same context for code that is rarely run: what is done in line for the own one is left
    /// out of it.
    #[inline(always)]
    pub(crate) fn rarely(self) -> Self {
        Self(without_inlining(self.0))
    }

    #[inline(always)]
    pub(crate) fn as_ptr(self) -> *mut HPyContext {
        self.0
    }
}
