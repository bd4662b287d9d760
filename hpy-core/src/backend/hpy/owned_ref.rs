//! Objects kept beyond a call. Handles must not outlive their call in most contexts, so the objects
//! stand in a dict, by number, that a global of the module holds. In the context of PyPy's own HPy
//! handles last, and an object is kept by one.

use super::plain_pypy as pypy;
use crate::backend::any_global::REGISTRY;
use crate::exceptions::{RecursionError, RuntimeError};
use crate::types::{Dict, Int};
use crate::{Context, Error, Handle, Result};
use core::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use hpy_sys::fork::Lock;
use hpy_sys::*;

/// An object in the registry, or a handle.
#[derive(Debug)]
pub(crate) struct Kept {
    /// The registry's key; if it is negative, the handle less than zero.
    number: i64,
}

impl Kept {
    /// Takes a reference of its own to the object of `raw`.
    pub(crate) fn new(ctx: Context<'_>, raw: HPy) -> Result<Self> {
        Self::try_new(ctx, raw).ok_or_else(no_memory)
    }

    /// As `new`, None where there is no memory. Taking an exception needs it, so it takes none
    /// itself.
    #[inline(never)]
    pub(crate) fn try_new(ctx: Context<'_>, raw: HPy) -> Option<Self> {
        let ctx = ctx.rarely();
        static NEXT: AtomicI64 = AtomicI64::new(1);
        if releases_wait() {
            release_waiting(ctx);
        }
        if pypy::is_plain(ctx) {
            // SAFETY: the handle is open. The new one is null with an exception, or closed later.
            let handle = unsafe { HPy_Dup(ctx.as_ptr(), raw) };
            if handle.is_null() {
                pypy::nothing_raised(ctx);
                return None;
            }
            return Some(Self {
                number: -(handle._i as i64),
            });
        }
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let (registry, key) = (registry(ctx)?, key(ctx, number)?);
        // SAFETY: the handles are open.
        unsafe {
            if HPy_SetItem(ctx.as_ptr(), registry.as_raw(), key.as_raw(), raw) < 0 {
                HPyErr_Clear(ctx.as_ptr());
                return None;
            }
        }
        Some(Self { number })
    }

    /// The handle that keeps the object, if it is one of this context.
    #[inline]
    pub(crate) fn handle(&self, ctx: Context<'_>) -> Option<HPy> {
        handle_of(ctx, self.number)
    }

    /// Gives the object up at once, if it is kept by a handle. No Python code runs.
    #[inline]
    pub(crate) fn release(self, ctx: Context<'_>) {
        if let Some(handle) = self.handle(ctx) {
            core::mem::forget(self);
            // SAFETY: the handle is ours, and nobody else closes it.
            unsafe { HPy_Close(ctx.as_ptr(), handle) };
        }
    }

    /// A new handle to the object.
    #[inline(never)]
    pub(crate) fn get(&self, ctx: Context<'_>) -> Result<HPy> {
        let ctx = ctx.rarely();
        if let Some(handle) = self.handle(ctx) {
            // SAFETY: the handle is open; a new one, or null with an exception.
            let object = unsafe { HPy_Dup(ctx.as_ptr(), handle) };
            if object.is_null() {
                pypy::nothing_raised(ctx);
                return Err(no_memory());
            }
            return Ok(object);
        }
        let registry = registry(ctx).ok_or_else(no_memory)?;
        let key = key(ctx, self.number).ok_or_else(no_memory)?;
        // SAFETY: the handles are open; a new handle or null with an exception, which says no more.
        let object = unsafe { HPy_GetItem(ctx.as_ptr(), registry.as_raw(), key.as_raw()) };
        if !object.is_null() {
            return Ok(object);
        }
        // SAFETY: the subscription has left an exception.
        Err(match unsafe { take_reason(ctx) } {
            Reason::NotThere => RuntimeError::new("the object was kept by another interpreter"),
            Reason::NoStack => RecursionError::new("maximum recursion depth exceeded"),
            Reason::Other => no_memory(),
        })
    }
}

/// The handle that a number means in this context, if it means one.
#[inline(always)]
fn handle_of(ctx: Context<'_>, number: i64) -> Option<HPy> {
    (number < 0 && pypy::is_plain(ctx)).then(|| HPy {
        _i: number.unsigned_abs() as isize,
    })
}

/// Why the registry gave or deleted no item.
#[derive(PartialEq)]
enum Reason {
    NotThere,
    NoStack,
    Other,
}

/// Takes the pending exception.
///
/// # Safety
/// An exception is pending.
#[cold]
#[inline(never)]
unsafe fn take_reason(ctx: Context<'_>) -> Reason {
    let ctx = ctx.rarely().as_ptr();
    // SAFETY: the context is valid, the constants are its own.
    unsafe {
        let is = |type_| HPyErr_ExceptionMatches(ctx, type_) != 0;
        let reason = if is(h_KeyError(ctx)) {
            Reason::NotThere
        } else if is(h_RecursionError(ctx)) {
            Reason::NoStack
        } else {
            Reason::Other
        };
        HPyErr_Clear(ctx);
        reason
    }
}

impl Drop for Kept {
    #[inline]
    fn drop(&mut self) {
        release_later(self.number);
    }
}

/// Numbers whose objects are no longer needed.
static WAITING: Lock<Vec<i64>> = Lock::new(Vec::new());
static ANY_WAITING: AtomicBool = AtomicBool::new(false);

/// Whether an entry should call [`release_waiting`].
#[inline(always)]
pub(crate) fn releases_wait() -> bool {
    ANY_WAITING.load(Ordering::Relaxed)
}

/// Leaves a release to the end of an entry.
#[cold]
#[inline(never)]
extern "C" fn release_later(number: i64) {
    let mut waiting = WAITING.lock();
    waiting.push(number);
    ANY_WAITING.store(true, Ordering::Release);
}

/// Releases what was dropped since the last entry. Runs finalizers, so nothing is locked meanwhile.
#[cold]
pub(crate) fn release_waiting(ctx: Context<'_>) {
    let ctx = ctx.rarely();
    let waiting = {
        let mut waiting = WAITING.lock();
        ANY_WAITING.store(false, Ordering::Release);
        core::mem::take(&mut *waiting)
    };
    for number in waiting {
        if let Some(handle) = handle_of(ctx, number) {
            // SAFETY: the handle was that of what was dropped.
            unsafe { HPy_Close(ctx.as_ptr(), handle) };
            continue;
        }
        let (Some(registry), Some(key)) = (registry(ctx), key(ctx, number)) else {
            // No memory now: there may be later.
            release_later(number);
            continue;
        };
        // SAFETY: the handles are open.
        unsafe {
            if HPy_DelItem(ctx.as_ptr(), registry.as_raw(), key.as_raw()) < 0 {
                // What another interpreter of the process has kept is not there.
                if take_reason(ctx) != Reason::NotThere {
                    release_later(number);
                }
            }
        }
    }
}

/// The dict of what is kept, made at the first use; None where there is no memory.
#[inline(never)]
pub(crate) fn registry<'ctx>(ctx: Context<'ctx>) -> Option<Handle<'ctx, Dict>> {
    let ctx = ctx.rarely();
    // SAFETY: the registry is one of the module's globals, and only ever holds a dict.
    unsafe {
        let kept = crate::backend::any_global::load(ctx, REGISTRY.of(ctx));
        if let Some(registry) = Handle::from_raw(ctx, kept) {
            return Some(registry);
        }
        let registry = new_or_clear(ctx, HPyDict_New(ctx.as_ptr()))?;
        HPyGlobal_Store(ctx.as_ptr(), REGISTRY.of(ctx), registry.as_raw());
        REGISTRY.stored(ctx);
        Some(registry)
    }
}

#[inline(never)]
pub(crate) fn key<'ctx>(ctx: Context<'ctx>, number: i64) -> Option<Handle<'ctx, Int>> {
    let ctx = ctx.rarely();
    // SAFETY: a new int, or null with an exception.
    unsafe { new_or_clear(ctx, HPyLong_FromInt64_t(ctx.as_ptr(), number)) }
}

/// # Safety
/// `raw` is a new handle to a `T`, or null with an exception.
unsafe fn new_or_clear<'ctx, T>(ctx: Context<'ctx>, raw: HPy) -> Option<Handle<'ctx, T>> {
    // SAFETY: as promised by the caller.
    unsafe {
        let handle = Handle::from_raw(ctx, raw);
        if handle.is_none() {
            HPyErr_Clear(ctx.as_ptr());
        }
        handle
    }
}

#[cold]
pub(crate) fn no_memory() -> Error {
    crate::exceptions::MemoryError::new("no memory to keep an object beyond the call")
}

/// `object.name`, where a panic stays an exception.
#[cold]
#[inline(never)]
pub(crate) fn attribute_as_it_is<'ctx>(
    object: &Handle<'ctx>,
    name: &core::ffi::CStr,
) -> Result<Handle<'ctx>> {
    let ctx = object.ctx().rarely();
    // SAFETY: the handle is open, the name a C string; a new handle or null with an exception.
    unsafe { ctx.made_handle(HPy_GetAttr_s(ctx.as_ptr(), object.as_raw(), name.as_ptr())) }
}

/// The object that is kept under a name for the whole process, made at the first use.
pub(crate) fn named<'ctx>(
    ctx: Context<'ctx>,
    name: &core::ffi::CStr,
    make: &dyn Fn() -> Result<Handle<'ctx>>,
) -> Result<Handle<'ctx>> {
    let ctx = ctx.rarely();
    let registry = registry(ctx).ok_or_else(no_memory)?;
    // SAFETY: the registry's handle is open, the name a C string, and no error is pending.
    unsafe {
        let key = ctx.made_handle::<crate::types::Object>(HPyUnicode_FromString(
            ctx.as_ptr(),
            name.as_ptr(),
        ))?;
        if HPy_Contains(ctx.as_ptr(), registry.as_raw(), key.as_raw()) == 1 {
            return ctx.made_handle(HPy_GetItem(ctx.as_ptr(), registry.as_raw(), key.as_raw()));
        }
        let object = make()?;
        let result = HPy_SetItem(
            ctx.as_ptr(),
            registry.as_raw(),
            key.as_raw(),
            object.as_raw(),
        );
        if result < 0 {
            Err(Error::fetch_as_it_is(ctx))
        } else {
            Ok(object)
        }
    }
}
