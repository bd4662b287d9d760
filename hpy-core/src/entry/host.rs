//! What a program does that plays the interpreter: the tests' context in pure Rust, `hpy-mock`.

use super::guard::{self, enter};
use crate::backend::{self, RawContext};
use crate::{Context, Handle, Result};
use core::ffi::c_int;
use hpy_sys::{HPy, HPyContext};

/// Runs `body` as one entry that returns a number: -1 if it fails.
///
/// # Safety
/// The context is valid for the call, on this thread.
pub unsafe fn enter_for_int(
    ctx: *mut HPyContext,
    body: impl for<'ctx> FnOnce(Context<'ctx>) -> Result<c_int>,
) -> c_int {
    // SAFETY: as promised by the caller.
    unsafe { enter(RawContext::new(ctx), body) }
}

/// Runs `body` as one entry that returns an object: null if it fails.
///
/// # Safety
/// As for [`enter_for_int`].
pub unsafe fn enter_for_object(
    ctx: *mut HPyContext,
    body: impl for<'ctx> FnOnce(Context<'ctx>) -> Result<Handle<'ctx>>,
) -> HPy {
    // SAFETY: as promised by the caller.
    unsafe { enter(RawContext::new(ctx), |ctx| body(ctx).map(Handle::into_raw)) }
}

/// What happens before a module is filled.
///
/// # Errors
/// What the backend's preparations raise.
pub fn module_loads(ctx: Context<'_>) -> Result<()> {
    let _call = backend::begin_exec(ctx);
    backend::module_loads(ctx)
}

/// Makes panics remember where they happened.
pub fn remember_panic_locations() {
    guard::remember_panic_locations();
}

/// The word of the global in which foreign runtimes keep objects.
///
/// # Safety
/// The context is valid, and nobody stores to the global meanwhile.
pub unsafe fn registry_word(ctx: *mut HPyContext) -> isize {
    // SAFETY: as promised by the caller.
    unsafe {
        let ctx = Context::from_raw(RawContext::new(ctx));
        (*backend::any_global::REGISTRY.of(ctx))._i
    }
}
