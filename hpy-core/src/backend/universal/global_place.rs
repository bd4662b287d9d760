//! The place of a global.

use core::sync::atomic::{AtomicIsize, Ordering};
use hpy_sys::*;

/// Where a global is: in a place for the own runtime, in one for this project's package, and in one
/// for every other, since a binary can be loaded by all of them in one process, and what one puts
/// there another cannot read.
pub(crate) struct GlobalPlace {
    foreign: Static<HPyGlobal>,
    package: Static<HPyGlobal>,
    own: Static<HPyGlobal>,
    /// What is in `foreign`, unless somebody else has written there since.
    stored: AtomicIsize,
}

impl GlobalPlace {
    pub(crate) const fn new() -> Self {
        Self {
            foreign: Static::new(HPyGlobal::NULL),
            package: Static::new(HPyGlobal::NULL),
            own: Static::new(HPyGlobal::NULL),
            stored: AtomicIsize::new(0),
        }
    }

    /// What the module's definition lists.
    pub(crate) const fn listed(&self) -> *mut HPyGlobal {
        self.foreign.as_ptr()
    }

    /// What the context uses.
    #[inline(always)]
    pub(crate) fn of(&self, ctx: crate::Context<'_>) -> *mut HPyGlobal {
        if is_of_bundled_runtime(ctx.as_ptr()) {
            self.own.as_ptr()
        // SAFETY: a `Context`'s is valid.
        } else if unsafe { is_of_package(ctx.as_ptr()) } {
            self.package.as_ptr()
        } else {
            self.foreign.as_ptr()
        }
    }

    /// Remembers what the context has put into the place.
    #[inline]
    pub(crate) fn stored(&self, ctx: crate::Context<'_>) {
        if core::ptr::eq(self.of(ctx), self.foreign.as_ptr()) {
            // SAFETY: the place is this static's, and nobody stores meanwhile.
            let word = unsafe { (*self.foreign.as_ptr())._i };
            self.stored.store(word, Ordering::Relaxed);
        }
    }

    /// Empties the place before its first use, whatever is in it: GraalPy 24 numbers the globals of
    /// a module as if each held None.
    pub(crate) fn empty(&self, ctx: crate::Context<'_>) {
        if ctx.raw.is_direct() {
            // Nobody else writes into that one.
            return;
        }
        let global = self.of(ctx);
        // SAFETY: the global belongs to the module that is being loaded. Another interpreter that
        // loads it too may store already, atomically: then it was empty here.
        unsafe {
            if AtomicIsize::from_ptr(&raw mut (*global)._i).load(Ordering::Acquire) != 0 {
                HPyGlobal_Store(ctx.as_ptr(), global, HPy_NULL);
                *global = HPyGlobal::NULL;
            }
        }
    }

    /// Puts what was stored back into the place, when a further module that lists it is loaded.
    /// GraalPy 24 numbers the globals of each module anew; the numbers they had are as good as
    /// before.
    pub(crate) fn restore(&self, ctx: crate::Context<'_>) {
        if core::ptr::eq(self.of(ctx), self.foreign.as_ptr()) {
            let word = self.stored.load(Ordering::Relaxed);
            // SAFETY: as in `stored`.
            unsafe { (*self.foreign.as_ptr())._i = word };
        }
    }
}
