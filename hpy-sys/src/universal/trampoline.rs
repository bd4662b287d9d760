//! What CPython needs besides the implementations: the functions it calls (trampolines) pass their
//! arguments, packed in a struct, to the context, which makes handles of them and calls the
//! implementation.

use super::*;
use crate::bundled_context::is_filled;
use core::sync::atomic::{AtomicPtr, Ordering};

/// The context that `HPyInitGlobalContext_NAME` was given last. Never the own one: a file can be loaded by
/// its own way in and by another runtime in one process, in either order.
static HOST_CONTEXT: AtomicPtr<HPyContext> = AtomicPtr::new(core::ptr::null_mut());

/// Stores the context for trampolines. The entry point `HPyInitGlobalContext_NAME` calls it.
///
/// # Safety
/// `ctx` stays valid for the rest of the process.
pub unsafe fn set_trampoline_context(ctx: *mut HPyContext) {
    crate::import::on_import();
    HOST_CONTEXT.store(ctx, Ordering::Release);
}

/// Passes `args`, one of the structs of arguments, to the context, which calls `implementation`.
///
/// The context is that of the runtime which calls. Where both the own one and another have loaded this
/// file, it is the own one if it made the type whose function is called, which the first arguments tell.
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
    let args: *mut c_void = (&raw mut *args).cast();
    let foreign = HOST_CONTEXT.load(Ordering::Relaxed);
    // SAFETY: as promised by the caller.
    let ctx = if foreign.is_null() || unsafe { calls_bundled_runtime(signature, args) } {
        BUNDLED_CONTEXT.as_ptr().cast()
    } else {
        foreign
    };
    // SAFETY: runtimes that call trampolines gave a context before; the caller answers for the rest.
    unsafe { _HPy_CallRealFunctionFromTrampoline(ctx, signature, implementation, args) }
}

/// Whether the function that is called belongs to a type that the own runtime made.
#[inline(never)]
unsafe fn calls_bundled_runtime(signature: HPyFunc_Signature, args: *mut c_void) -> bool {
    if !is_filled() {
        return false;
    }
    let objects = match signature {
        // Its argument is the capsule, not a struct.
        HPyFunc_CAPSULE_DESTRUCTOR => 0,
        // An operator's type may be the right operand's.
        HPyFunc_BINARYFUNC | HPyFunc_TERNARYFUNC => 2,
        _ => 1,
    };
    let args = args.cast::<*mut cpy_PyObject>();
    // SAFETY: all other structs begin with an object, these two with two.
    unsafe { (0..objects).any(|index| cpython::is_of_registered_type(*args.add(index))) }
}
