//! Trampolines: the functions that CPython calls. A trampoline packs its arguments in a struct and
//! passes it to the context, which makes handles and calls the implementation.

use super::*;
use crate::bundled_context::is_filled;
use core::sync::atomic::{AtomicPtr, Ordering};

/// The context that `HPyInitGlobalContext_NAME` got last. It is never the bundled one: one process
/// can load the same file through both the bundled runtime and a host's, in either order.
static HOST_CONTEXT: AtomicPtr<HPyContext> = AtomicPtr::new(core::ptr::null_mut());

/// Stores the context for trampolines. The entry point `HPyInitGlobalContext_NAME` calls it.
///
/// # Safety
/// `ctx` stays valid for the rest of the process.
pub unsafe fn set_trampoline_context(ctx: *mut HPyContext) {
    crate::import::on_import();
    HOST_CONTEXT.store(ctx, Ordering::Release);
    crate::interpreters::ask_hosts_first();
}

/// The context that a host's loader gave last, or null. It is not the one of a call in debug mode,
/// which passes another one to each.
#[inline(always)]
pub fn host_context() -> *mut HPyContext {
    HOST_CONTEXT.load(Ordering::Acquire)
}

/// Passes `args`, one of the structs of arguments, to the context, which calls `implementation`.
///
/// The context is that of the calling runtime. If both the bundled runtime and a host's have loaded
/// this file, the first arguments decide: the bundled runtime's context is used if that runtime
/// made the type whose function is called.
///
/// # Safety
/// A trampoline's contract: the interpreter calls it with the thread attached. `args` is the struct
/// that belongs to `signature`, and `implementation` has that signature.
#[inline(always)]
pub unsafe fn call_from_trampoline<A>(
    signature: HPyFunc_Signature,
    implementation: HPyCFunction,
    args: &mut A,
) {
    let args: *mut c_void = (&raw mut *args).cast();
    let foreign = HOST_CONTEXT.load(Ordering::Relaxed);
    // SAFETY: as promised by the caller.
    let ctx = if foreign.is_null() || unsafe { calls_bundled_runtime(signature, args) } {
        BUNDLED_CONTEXT.as_ptr().cast()
    } else {
        foreign
    };
    // SAFETY: runtimes that call trampolines gave a context before; the caller answers for the
    // rest.
    unsafe { _HPy_CallRealFunctionFromTrampoline(ctx, signature, implementation, args) }
}

/// Whether the called function belongs to a type that the bundled runtime made.
#[inline(never)]
unsafe fn calls_bundled_runtime(signature: HPyFunc_Signature, args: *mut c_void) -> bool {
    if !is_filled() {
        return false;
    }
    let objects = match signature {
        // The argument is the capsule, not a struct.
        HPyFunc_CAPSULE_DESTRUCTOR => 0,
        // The type may be that of an operator's right operand.
        HPyFunc_BINARYFUNC | HPyFunc_TERNARYFUNC => 2,
        _ => 1,
    };
    let args = args.cast::<*mut cpy_PyObject>();
    // SAFETY: all other structs begin with one object, these two with two.
    unsafe { (0..objects).any(|index| cpython::is_of_registered_type(*args.add(index))) }
}
