//! The universal ABI: everything goes through the context that a call brings.

mod entries;
mod entry_points;
mod kept;
mod keyword_names;
mod objects;
mod raised;
mod text;

pub use entries::{exec_def, keywords_def, noargs_def, o_def, varargs_def};
pub(crate) use kept::{Kept, Release};
pub use keyword_names::KeywordName;
pub(crate) use keyword_names::known_keyword;
pub(crate) use objects::{
    INTS_ARE_INDEXED, dict_items, is_int, list_get, list_len, tuple_get, tuple_len,
    with_keyword_name,
};
#[cfg(feature = "mock")]
pub(crate) use raised::Extension;
pub(crate) use raised::Raised;
pub(crate) use text::{bytes_len, char_count, str_from_utf8, utf8};

pub use hpy_runtime::module_init;
use hpy_sys::*;

/// The context of a call.
#[derive(Clone, Copy)]
pub(crate) struct RawContext(*mut HPyContext);

// SAFETY: an address alone does nothing; it is used through `Context` only, which is neither Send nor Sync. So the
// compiler's complaint names that reason alone, the same in both ABIs.
unsafe impl Send for RawContext {}
// SAFETY: as above.
unsafe impl Sync for RawContext {}

impl RawContext {
    #[inline(always)]
    pub(crate) fn new(ctx: *mut HPyContext) -> Self {
        Self(ctx)
    }

    #[inline(always)]
    pub(crate) fn as_ptr(self) -> *mut HPyContext {
        self.0
    }
}

/// What has to happen before a module's own code runs: no exception is pending yet.
pub(crate) fn module_loads(ctx: crate::Context<'_>) -> crate::Result<()> {
    // SAFETY: the context is valid on this thread, no exception is pending.
    unsafe { layout(ctx.as_ptr()) };
    raised::prepare(ctx)
}

/// Foreign contexts have an interpreter-wide lock: nothing to do.
pub(crate) struct GlobalLock;

impl GlobalLock {
    pub(crate) const fn new() -> Self {
        Self
    }

    #[inline(always)]
    pub(crate) fn during<R>(&self, body: impl FnOnce() -> R) -> R {
        body()
    }
}
