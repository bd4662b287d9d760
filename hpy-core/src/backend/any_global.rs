//! Globals of any type: what modules list, and the word that each holds.

use super::{GlobalLock, GlobalPlace};
use crate::Context;
use core::sync::atomic::{AtomicBool, AtomicIsize, Ordering};
use hpy_sys::*;

/// A global of any type: it can be declared, but not be stored to or loaded from.
#[doc(hidden)]
pub struct AnyGlobal {
    pub(crate) place: GlobalPlace,
    /// Whether a loaded module lists it.
    pub(crate) declared: AtomicBool,
    pub(crate) lock: GlobalLock,
}

impl AnyGlobal {
    pub(crate) const fn new() -> Self {
        Self {
            place: GlobalPlace::new(),
            declared: AtomicBool::new(false),
            lock: GlobalLock::new(),
        }
    }

    /// For `hpy_module!`: what `HPyModuleDef::globals` points to.
    pub const fn as_raw(&'static self) -> *mut HPyGlobal {
        self.place.listed()
    }

    /// To be called after each store.
    pub(crate) fn stored(&self, ctx: Context<'_>) {
        self.place.stored(ctx);
    }

    /// Where it is for this context's runtime.
    #[cfg_attr(not(feature = "universal"), allow(dead_code))]
    pub(crate) fn of(&self, ctx: Context<'_>) -> *mut HPyGlobal {
        self.place.of(ctx)
    }

    /// A module that lists the global is being loaded. At the first time the global is empty.
    pub(crate) fn declare(&self, ctx: Context<'_>) {
        if self.declared.swap(true, Ordering::Relaxed) {
            self.place.restore(ctx);
        } else {
            self.place.empty(ctx);
        }
    }
}

/// A new handle to what the global holds, or null. Runtimes want no null global to be loaded.
///
/// # Safety
/// The global belongs to a loaded module, and nobody stores meanwhile.
pub(crate) unsafe fn load(ctx: Context<'_>, global: *mut HPyGlobal) -> HPy {
    // SAFETY: as promised by the caller.
    unsafe {
        match word(global) {
            word if word.is_null() => HPy_NULL,
            word => HPyGlobal_Load(ctx.as_ptr(), word),
        }
    }
}

/// What is in the global's word: another interpreter may be changing it.
///
/// # Safety
/// The global is valid.
#[inline(always)]
pub(crate) unsafe fn word(global: *mut HPyGlobal) -> HPyGlobal {
    // SAFETY: as promised by the caller; the word is written atomically, or by nobody else.
    let word = unsafe { AtomicIsize::from_ptr(&raw mut (*global)._i) };
    HPyGlobal {
        _i: word.load(Ordering::Acquire),
    }
}

impl core::fmt::Debug for AnyGlobal {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("AnyGlobal")
    }
}

/// Where foreign runtimes keep objects beyond a call: a dict by number. Each module lists it.
#[doc(hidden)]
pub static REGISTRY: &AnyGlobal = &OBJECTS;
static OBJECTS: AnyGlobal = AnyGlobal::new();
