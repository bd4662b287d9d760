//! The context of this project's own runtime: where it is, and whether a context is it.
//!
//! A universal binary brings it along for interpreters that have no HPy. Whether a context is the own
//! one is told by its address: then the functions go straight to the C API, as in the CPython ABI.

use crate::capi::PyObject;
use crate::context::HPyContext;
use crate::definitions::Static;
use crate::interpreters::Interpreters;
use core::sync::atomic::{AtomicBool, AtomicIsize, Ordering};

/// Where the own context is, and after it its twin. Empty until `fill_bundled_context`.
pub static BUNDLED_CONTEXT: Static<core::mem::MaybeUninit<[HPyContext; 2]>> =
    Static::new(core::mem::MaybeUninit::zeroed());

pub(crate) static FILLED: AtomicBool = AtomicBool::new(false);

/// Whether this process uses the own context.
pub(crate) fn is_filled() -> bool {
    FILLED.load(Ordering::Acquire)
}

/// Whether this is the own context, so that what it offers is done in line.
#[inline(always)]
pub fn is_bundled_context(ctx: *mut HPyContext) -> bool {
    core::ptr::eq(ctx, BUNDLED_CONTEXT.as_ptr().cast())
}

/// Whether this is the own context or its twin.
#[inline(always)]
pub fn is_of_bundled_runtime(ctx: *mut HPyContext) -> bool {
    is_bundled_context(ctx) || is_out_of_line_context(ctx)
}

/// Whether this is the own context's twin.
#[inline(always)]
pub(crate) fn is_out_of_line_context(ctx: *mut HPyContext) -> bool {
    core::ptr::eq(ctx, out_of_line_context())
}

#[inline(always)]
pub(crate) fn out_of_line_context() -> *mut HPyContext {
    BUNDLED_CONTEXT
        .as_ptr()
        .cast::<HPyContext>()
        .wrapping_add(1)
}

/// Tells the compiler that a context is foreign, by one fact for each of the two which it is not: of both in one it makes nothing.
///
/// # Safety
/// The context is neither the own one nor its twin.
#[inline(always)]
pub unsafe fn assume_host_context(ctx: *mut HPyContext) {
    // SAFETY: as promised by the caller.
    unsafe {
        core::hint::assert_unchecked(!is_bundled_context(ctx));
        core::hint::assert_unchecked(!is_out_of_line_context(ctx));
    }
}

/// The same context for code that is rarely run: of the own one its twin, for which functions are called and nothing is
/// done in line, which is several times as long.
#[inline(always)]
pub fn without_inlining(ctx: *mut HPyContext) -> *mut HPyContext {
    let ctx = if is_bundled_context(ctx) {
        out_of_line_context()
    } else {
        ctx
    };
    // SAFETY: the twin has another address.
    unsafe { core::hint::assert_unchecked(!is_bundled_context(ctx)) };
    ctx
}

/// Puts the dict of builtins into the own context's word.
///
/// It is for extensions that read the word, in C: they are for one interpreter. The functions here ask the interpreter.
pub(crate) fn set_builtins(dict: *mut PyObject, interpreters: Interpreters) {
    for ctx in [
        BUNDLED_CONTEXT.as_ptr().cast::<HPyContext>(),
        out_of_line_context(),
    ] {
        // SAFETY: the word is in a static that is filled before any module loads, and written by atomic access only.
        let word = unsafe { AtomicIsize::from_ptr(&raw mut (*ctx).h_Builtins._i) };
        if interpreters == Interpreters::One || word.load(Ordering::Relaxed) == 0 {
            word.store(dict as isize, Ordering::Relaxed);
        }
    }
}
