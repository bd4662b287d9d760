//! What the CPython ABI has quicker ways for, through the context.

use crate::types::Dict;
use crate::{Context, Error, Handle, Result};
use hpy_sys::*;

/// # Safety
/// `raw` is an open handle of the context.
#[inline(always)]
pub(crate) unsafe fn is_int(ctx: *mut HPyContext, raw: HPy) -> bool {
    // SAFETY: as promised by the caller.
    unsafe { HPy_TypeCheck(ctx, raw, h_LongType(ctx)) != 0 }
}

/// The length of a list, tuple or the like: 0 where a subclass's `__len__` fails.
#[inline]
fn len(ctx: Context<'_>, raw: HPy) -> usize {
    // SAFETY: the callers' handles are open.
    let len = unsafe { HPy_Length(ctx.as_ptr(), raw) };
    if len < 0 {
        drop(Error::take(ctx));
    }
    len.max(0) as usize
}

/// An item by index; None where there is none.
#[inline]
fn get<'ctx>(ctx: Context<'ctx>, raw: HPy, index: usize) -> Option<Handle<'ctx>> {
    let index = HPy_ssize_t::try_from(index).ok()?;
    // SAFETY: the callers' handles are open; a new handle or null with an exception.
    let item = unsafe { Handle::from_raw(ctx, HPy_GetItem_i(ctx.as_ptr(), raw, index)) };
    if item.is_none() {
        drop(Error::take(ctx));
    }
    item
}

#[inline]
pub(crate) fn list_len(ctx: Context<'_>, raw: HPy) -> usize {
    len(ctx, raw)
}

#[inline]
pub(crate) fn list_get<'ctx>(ctx: Context<'ctx>, raw: HPy, index: usize) -> Option<Handle<'ctx>> {
    // Reaching the end must not cost an exception.
    if index >= len(ctx, raw) {
        None
    } else {
        get(ctx, raw, index)
    }
}

#[inline]
pub(crate) fn tuple_len(ctx: Context<'_>, raw: HPy) -> usize {
    len(ctx, raw)
}

#[inline]
pub(crate) fn tuple_get<'ctx>(ctx: Context<'ctx>, raw: HPy, index: usize) -> Option<Handle<'ctx>> {
    if index >= len(ctx, raw) {
        None
    } else {
        get(ctx, raw, index)
    }
}

pub(crate) fn dict_items<'ctx>(
    dict: &Handle<'ctx, Dict>,
) -> Result<Vec<(Handle<'ctx>, Handle<'ctx>)>> {
    let keys = dict.keys()?;
    let mut items = Vec::new();
    items.try_reserve(keys.len().min(4096))?;
    for key in keys.items() {
        // A key may have gone since.
        if let Some(value) = dict.get(&key)? {
            items.push((key, value));
        }
    }
    Ok(items)
}

/// Calls `body` with the keyword's name, or None if it is not valid Unicode.
pub(crate) fn with_keyword_name<R>(
    ctx: Context<'_>,
    names: HPy,
    position: usize,
    body: impl FnOnce(Option<&str>) -> R,
) -> R {
    match get(ctx, names, position) {
        Some(name) => body(name.extract::<&str>().ok()),
        None => body(None),
    }
}
