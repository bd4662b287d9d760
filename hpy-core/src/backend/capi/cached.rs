//! An object for each interpreter in a static that no module declares.

use super::lock::GlobalLock;
use crate::object::handle::Borrowed;
use crate::{Context, Handle, Result};
use hpy_sys::*;

/// Where the object is.
pub(crate) struct CachedPlace {
    object: Static<HPyGlobal>,
    lock: GlobalLock,
}

impl CachedPlace {
    pub(crate) const fn new() -> Self {
        Self {
            object: Static::new(HPyGlobal::NULL),
            lock: GlobalLock::new(),
        }
    }

    /// A new handle to the object, or null.
    #[inline(always)]
    pub(crate) fn load(&'static self, ctx: Context<'_>) -> Result<HPy> {
        let global = self.object.as_ptr();
        Ok(self.lock.during(|| {
            // SAFETY: the thread is attached, and nobody stores meanwhile: they would hold the
            // lock, or there is one for the whole interpreter. The own runtime's globals need no
            // declaration.
            unsafe { crate::backend::any_global::load(ctx, global) }
        }))
    }

    /// The object without a new reference, where the word tells it: it is never replaced.
    #[inline(always)]
    pub(crate) fn borrowed<'ctx>(
        &'static self,
        ctx: Context<'ctx>,
    ) -> Option<Borrowed<'static, 'ctx>> {
        // SAFETY: the thread is attached, and the word is that of a global.
        let raw = unsafe {
            let word = crate::backend::any_global::word(self.object.as_ptr());
            interpreters::borrow_global(word) as isize
        };
        // SAFETY: a handle is the object's address, and the global keeps the object.
        (raw != 0).then(|| unsafe { Borrowed::new(ctx, HPy { _i: raw }) })
    }

    /// Keeps the object unless there is one already. A new handle to the one that is there then.
    #[cold]
    #[inline(never)]
    pub(crate) fn keep_first<'ctx>(
        &'static self,
        ctx: Context<'ctx>,
        object: &Handle<'ctx>,
    ) -> Result<HPy> {
        let (global, raw) = (self.object.as_ptr(), object.as_raw());
        Ok(self.lock.during(|| {
            // SAFETY: as in `load`. Nothing is replaced, so nothing ends under the lock.
            unsafe {
                let there = crate::backend::any_global::load(ctx, global);
                if !there.is_null() {
                    return there;
                }
                HPyGlobal_Store(ctx.as_ptr(), global, raw);
                HPy_Dup(ctx.as_ptr(), raw)
            }
        }))
    }
}
