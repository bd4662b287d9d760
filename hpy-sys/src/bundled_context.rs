//! The context of the bundled runtime: its address, and checks for it.
//!
//! A universal binary carries a runtime for interpreters that have no HPy. Its context is
//! recognized by its address. For this context, functions call the C API directly, as in the
//! CPython ABI.

use crate::capi::PyObject;
use crate::context::HPyContext;
use crate::definitions::Static;
use crate::interpreters::Interpreters;
use core::sync::atomic::{AtomicBool, AtomicIsize, Ordering};

/// The bundled context, followed by the out-of-line context. Zeroed until `fill_bundled_context`.
///
/// Both behave the same. Functions inline the C API for the first one and call a shared function
/// for the second one, which makes code that runs rarely several times smaller.
pub static BUNDLED_CONTEXT: Static<core::mem::MaybeUninit<[HPyContext; 2]>> =
    Static::new(core::mem::MaybeUninit::zeroed());

pub(crate) static FILLED: AtomicBool = AtomicBool::new(false);

/// Whether this process uses the bundled context.
pub(crate) fn is_filled() -> bool {
    FILLED.load(Ordering::Acquire)
}

/// Whether this is the bundled context, for which functions are inlined.
#[inline(always)]
pub fn is_bundled_context(ctx: *mut HPyContext) -> bool {
    core::ptr::eq(ctx, BUNDLED_CONTEXT.as_ptr().cast())
}

/// Whether this is one of the bundled runtime's two contexts.
#[inline(always)]
pub fn is_of_bundled_runtime(ctx: *mut HPyContext) -> bool {
    is_bundled_context(ctx) || is_out_of_line_context(ctx)
}

/// As [`is_of_bundled_runtime`], by one comparison: nothing else lies where the two contexts lie.
/// What follows from the answer, the compiler does not see.
#[inline(always)]
pub fn lies_in_bundled_contexts(ctx: *mut HPyContext) -> bool {
    let first = BUNDLED_CONTEXT.as_ptr().cast::<HPyContext>();
    ctx.addr().wrapping_sub(first.addr()) < 2 * size_of::<HPyContext>()
}

/// Whether this is the out-of-line context of the bundled runtime.
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

/// Tells the compiler that this is a host's context. The two facts are separate, because the
/// compiler cannot use them when they are combined.
///
/// # Safety
/// The context is neither of the bundled runtime's two contexts.
#[inline(always)]
pub unsafe fn assume_host_context(ctx: *mut HPyContext) {
    // SAFETY: as promised by the caller.
    unsafe {
        core::hint::assert_unchecked(!is_bundled_context(ctx));
        core::hint::assert_unchecked(!is_out_of_line_context(ctx));
    }
}

/// The same context for code that runs rarely: the out-of-line context in place of the bundled one.
/// Calls of functions then take a fraction of the code that inlining takes.
#[inline(always)]
pub fn without_inlining(ctx: *mut HPyContext) -> *mut HPyContext {
    let ctx = if is_bundled_context(ctx) {
        out_of_line_context()
    } else {
        ctx
    };
    // SAFETY: the out-of-line context has another address.
    unsafe { core::hint::assert_unchecked(!is_bundled_context(ctx)) };
    ctx
}

/// Stores the dict of builtins in `h_Builtins` of the bundled contexts.
///
/// This is for C code that reads the word, which works with one interpreter only. This crate's
/// functions ask the interpreter.
pub(crate) fn set_builtins(dict: *mut PyObject, interpreters: Interpreters) {
    for ctx in [
        BUNDLED_CONTEXT.as_ptr().cast::<HPyContext>(),
        out_of_line_context(),
    ] {
        // SAFETY: the word is in a static that is filled before any module loads. It is written by
        // atomic access only.
        let word = unsafe { AtomicIsize::from_ptr(&raw mut (*ctx).h_Builtins._i) };
        if interpreters == Interpreters::One || word.load(Ordering::Relaxed) == 0 {
            word.store(dict as isize, Ordering::Relaxed);
        }
    }
}
