//! Objects of statics that no module declares: in the dict of what is kept, by the static's
//! address.

use super::owned_ref::{key, no_memory, registry};
use crate::types::Int;
use crate::{Context, Handle, Result};
use hpy_sys::*;

/// Numbers below zero: those above are of what is kept by number.
fn key_of<'ctx>(ctx: Context<'ctx>, address: usize) -> Result<Handle<'ctx, Int>> {
    key(ctx, -(address as i64)).ok_or_else(no_memory)
}

/// A new handle to the object, or null.
#[inline(never)]
pub(crate) fn load(ctx: Context<'_>, address: usize) -> Result<HPy> {
    let ctx = ctx.rarely();
    let (registry, key) = (registry(ctx).ok_or_else(no_memory)?, key_of(ctx, address)?);
    // SAFETY: the handles are open; ints are compared without running code.
    unsafe {
        if HPy_Contains(ctx.as_ptr(), registry.as_raw(), key.as_raw()) != 1 {
            return Ok(HPy_NULL);
        }
        ctx.made_handle::<crate::types::Object>(HPy_GetItem(
            ctx.as_ptr(),
            registry.as_raw(),
            key.as_raw(),
        ))
        .map(Handle::into_raw)
    }
}

/// Keeps the object unless there is one already. A new handle to the one that is there then.
#[inline(never)]
pub(crate) fn keep_first<'ctx>(
    ctx: Context<'ctx>,
    address: usize,
    object: &Handle<'ctx>,
) -> Result<HPy> {
    let ctx = ctx.rarely();
    let there = load(ctx, address)?;
    if !there.is_null() {
        return Ok(there);
    }
    let (registry, key) = (registry(ctx).ok_or_else(no_memory)?, key_of(ctx, address)?);
    // SAFETY: the handles are open.
    unsafe {
        let result = HPy_SetItem(
            ctx.as_ptr(),
            registry.as_raw(),
            key.as_raw(),
            object.as_raw(),
        );
        ctx.check(result)?;
        Ok(HPy_Dup(ctx.as_ptr(), object.as_raw()))
    }
}
