//! What PyPy's own HPy allows beyond HPy's words. Each of those is a call into RPython there.
//!
//! Its handles are places in a list, which stay open until they are closed. An object's data lies
//! in an array of bytes of its own, for each type of each extension alike, and right before the
//! first byte stands how many there are (`HPY_STORAGE` in PyPy's `interp_type.py`, the same from
//! 7.3.16 on).

use super::modules::on_pypy;
pub(crate) use super::plain_pypy::{is_plain, nothing_raised};
use crate::{Context, Handle};
use core::ffi::{CStr, c_void};
use core::sync::atomic::{AtomicIsize, AtomicPtr, Ordering};
use hpy_sys::*;

/// A handle that stays open, for all calls with its context. Of no context before it is kept.
pub(crate) struct Lasting {
    context: AtomicPtr<HPyContext>,
    handle: AtomicIsize,
}

impl Lasting {
    pub(crate) const fn new() -> Self {
        Self {
            context: AtomicPtr::new(core::ptr::null_mut()),
            handle: AtomicIsize::new(0),
        }
    }

    /// Keeps the object for the context, where handles last, unless there is one already.
    #[cold]
    #[inline(never)]
    pub(crate) fn keep(&self, object: &Handle<'_>) {
        let ctx = object.ctx().rarely();
        if !last(ctx) || !self.context.load(Ordering::Acquire).is_null() {
            return;
        }
        // SAFETY: the handle is open. The new one is never closed.
        let handle = unsafe { HPy_Dup(ctx.as_ptr(), object.as_raw()) };
        self.handle.store(handle._i, Ordering::Relaxed);
        self.context.store(object.ctx().as_ptr(), Ordering::Release);
    }

    /// Whether there is one for this context.
    #[inline(always)]
    pub(crate) fn is_of(&self, ctx: Context<'_>) -> bool {
        core::ptr::eq(self.context.load(Ordering::Acquire), ctx.as_ptr())
    }

    /// The handle, if it is this context's.
    #[inline]
    pub(crate) fn get(&self, ctx: Context<'_>) -> Option<HPy> {
        self.is_of(ctx).then(|| HPy {
            _i: self.handle.load(Ordering::Relaxed),
        })
    }
}

/// Remembers the context that a module is loaded with, if it is PyPy's own.
pub(crate) fn remember(ctx: Context<'_>) {
    if last(ctx) {
        super::plain_pypy::set(ctx);
        // SAFETY: PyPy has a lock, which is held during calls.
        unsafe { capi::remember_lock(true) };
    }
}

/// Whether handles outlive their call. Those of PyPy's debug mode would, too, but are counted as
/// leaks.
fn last(ctx: Context<'_>) -> bool {
    // SAFETY: the context is valid, and its name a C string.
    on_pypy(ctx) && unsafe { CStr::from_ptr((*ctx.as_ptr()).name) }.to_bytes() == PLAIN
}

const PLAIN: &[u8] = b"HPy Universal ABI (PyPy backend)";

/// Whether the address that a context gives for an object's data is none: PyPy's own HPy counts
/// from null, where it has destroyed the data of an object that its finalizer resurrected.
#[inline(always)]
pub(crate) fn is_no_data(data: *mut c_void) -> bool {
    data.addr() < 4096
}

/// Where the data of an object lies, of whatever type it is, and how many bytes of it there are.
/// None where it has none.
#[inline]
pub(crate) fn measured_data(object: &Handle<'_>) -> Option<(*mut c_void, usize)> {
    let ctx = object.ctx().as_ptr();
    // SAFETY: the handle is open. PyPy looks at the object by itself: of what can have no data null
    // comes, with an exception. By the word, as the context is a host's.
    let data = unsafe { ((*ctx).ctx_AsStruct_Object)(ctx, object.as_raw()) };
    if is_no_data(data) {
        if data.is_null() {
            nothing_raised(object.ctx());
        }
        return None;
    }
    // SAFETY: as above.
    Some((data, unsafe { measure(data) }))
}

/// How many bytes of data there are.
///
/// # Safety
/// The address is that of an object's data, by PyPy's own HPy.
#[inline(always)]
pub(crate) unsafe fn measure(data: *mut c_void) -> usize {
    // SAFETY: as promised by the caller, so the array's length stands before its first byte.
    unsafe { *data.cast::<usize>().sub(1) }
}
