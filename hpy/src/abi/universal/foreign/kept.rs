//! Objects kept beyond a call: handles must not outlive their call here, so the objects stand in a
//! dict, by number, that a global of the module holds.

use crate::persistent::{REGISTRY, release_later};
use crate::types::Dict;
use crate::{Context, Error, Handle, Result};
use core::sync::atomic::{AtomicU64, Ordering};
use hpy_sys::*;

/// An object in the registry.
#[derive(Debug)]
pub(crate) struct Kept {
    number: u64,
}

impl Kept {
    /// Takes a reference of its own to the object of `raw`.
    pub(crate) fn new(ctx: Context<'_>, raw: HPy) -> Result<Self> {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        if crate::persistent::releases_wait() {
            crate::persistent::release_waiting(ctx);
        }
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let registry = registry(ctx)?;
        let key = ctx.handle(number)?;
        // SAFETY: the handles are open.
        let result = unsafe { HPy_SetItem(ctx.as_ptr(), registry.as_raw(), key.as_raw(), raw) };
        ctx.check(result)?;
        Ok(Self { number })
    }

    /// A new handle to the object.
    pub(crate) fn get(&self, ctx: Context<'_>) -> Result<HPy> {
        let gone =
            || crate::exceptions::RuntimeError::new("the object was kept by another interpreter");
        let registry = registry(ctx)?;
        let object: Result<Handle<'_>> = registry.get_item(self.number);
        object.map(Handle::into_raw).map_err(|_| gone())
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        release_later(Release(self.number).into());
    }
}

/// A number whose object is no longer needed.
pub(crate) struct Release(u64);

impl Release {
    /// Releases it; there is nothing to give back.
    pub(crate) fn now(self, ctx: Context<'_>) -> Option<Self> {
        // Not there: kept by another interpreter of the process.
        if let Ok(registry) = registry(ctx) {
            drop(registry.del_item(self.0));
        }
        None
    }
}

fn registry<'ctx>(ctx: Context<'ctx>) -> Result<Handle<'ctx, Dict>> {
    // SAFETY: the registry is one of the module's globals, and only ever holds a dict.
    unsafe {
        let raw = crate::global::load(ctx, REGISTRY.as_raw());
        match Handle::from_raw(ctx, raw) {
            Some(registry) => Ok(registry),
            None => {
                let registry = ctx.dict()?;
                HPyGlobal_Store(ctx.as_ptr(), REGISTRY.as_raw(), registry.as_raw());
                Ok(registry)
            }
        }
    }
}

/// The object that is kept under a name for the whole process, made at the first use.
pub(crate) fn named<'ctx>(
    ctx: Context<'ctx>,
    name: &core::ffi::CStr,
    make: impl FnOnce() -> Result<Handle<'ctx>>,
) -> Result<Handle<'ctx>> {
    let registry = registry(ctx)?;
    // SAFETY: the registry's handle is open, the name a C string, and no error is pending.
    unsafe {
        let key = ctx.handle_from_raw::<crate::types::Object>(HPyUnicode_FromString(
            ctx.as_ptr(),
            name.as_ptr(),
        ))?;
        if HPy_Contains(ctx.as_ptr(), registry.as_raw(), key.as_raw()) == 1 {
            return ctx.handle_from_raw(HPy_GetItem(ctx.as_ptr(), registry.as_raw(), key.as_raw()));
        }
        let object = make()?;
        let result = HPy_SetItem(
            ctx.as_ptr(),
            registry.as_raw(),
            key.as_raw(),
            object.as_raw(),
        );
        if result < 0 {
            Err(Error::fetch(ctx))
        } else {
            Ok(object)
        }
    }
}
