//! What CPython needs besides the implementations: the functions it calls (trampolines) pass their
//! arguments, packed in a struct, to the context, which makes handles of them and calls the
//! implementation.

use super::*;
use core::sync::atomic::{AtomicPtr, Ordering};

/// The context that trampolines use: the one that `HPyInitGlobalContext_NAME` was given last.
static CONTEXT: AtomicPtr<HPyContext> = AtomicPtr::new(core::ptr::null_mut());

/// Stores the context for trampolines. The entry point `HPyInitGlobalContext_NAME` calls it.
///
/// # Safety
/// `ctx` stays valid for the rest of the process.
pub unsafe fn set_trampoline_context(ctx: *mut HPyContext) {
    CONTEXT.store(ctx, Ordering::Release);
}

/// The context for trampolines. Null where no runtime uses trampolines.
#[inline(always)]
pub fn trampoline_context() -> *mut HPyContext {
    CONTEXT.load(Ordering::Relaxed)
}

/// Passes `args`, one of the structs below, to the context, which calls `implementation`.
///
/// # Safety
/// A trampoline's contract: called by the interpreter with the thread attached; `args` is the struct
/// that belongs to `signature`, and `implementation` a function of that signature.
#[inline(always)]
pub unsafe fn call_from_trampoline<A>(
    signature: HPyFunc_Signature,
    implementation: HPyCFunction,
    args: &mut A,
) {
    let ctx = trampoline_context();
    // SAFETY: runtimes that call trampolines gave a context before; the caller answers for the rest.
    unsafe {
        _HPy_CallRealFunctionFromTrampoline(ctx, signature, implementation, (&raw mut *args).cast())
    }
}
