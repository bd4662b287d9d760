//! Quick ways of this ABI.

use crate::types::Dict;
use crate::{Context, Error, Handle, Result};
use hpy_sys::capi::{self, PyObject};
use hpy_sys::*;

#[inline(always)]
fn object(raw: HPy) -> *mut PyObject {
    raw._i as *mut PyObject
}

/// Whether reading an int from an object asks for its `__index__` and nothing else: since 3.10.
#[inline(always)]
pub(crate) fn ints_are_indexed(_: Context<'_>) -> bool {
    capi::version() >= (3, 10)
}

/// The value of a small int, where it can be seen without a call. None says nothing about the object.
#[inline(always)]
pub(crate) fn small_int(handle: &Handle<'_>) -> Option<i64> {
    // SAFETY: the handle is open.
    unsafe { capi::small_int(object(handle.as_raw())) }
}

/// The value of a float, where it can be seen without a call. None says nothing about the object.
#[inline(always)]
pub(crate) fn exact_float(handle: &Handle<'_>) -> Option<f64> {
    // SAFETY: the handle is open.
    unsafe { capi::exact_float(object(handle.as_raw())) }
}

/// A new str, or null with an exception.
#[inline(always)]
pub(crate) fn str_from_utf8(_: Context<'_>, text: &str) -> HPy {
    // SAFETY: pointer and length are a str's, the thread is attached.
    let text =
        unsafe { capi::PyUnicode_FromStringAndSize(text.as_ptr().cast(), text.len() as isize) };
    HPy { _i: text as isize }
}

/// # Safety
/// `raw` is an open handle.
#[inline(always)]
pub(crate) unsafe fn is_int(_: *mut HPyContext, raw: HPy) -> bool {
    // SAFETY: as promised by the caller.
    unsafe { capi::has_type_flag(object(raw), capi::Py_TPFLAGS_LONG_SUBCLASS) }
}

#[inline(always)]
pub(crate) fn list_len(_: Context<'_>, raw: HPy) -> usize {
    // SAFETY: the callers' handles are open lists.
    unsafe { capi::list_len(object(raw)) as usize }
}

#[inline(always)]
pub(crate) fn list_get<'ctx>(ctx: Context<'ctx>, raw: HPy, index: usize) -> Option<Handle<'ctx>> {
    if index >= list_len(ctx, raw) {
        return None;
    }
    // SAFETY: the callers' handles are open lists, the index is in range; a new reference.
    let item = unsafe { capi::list_item(object(raw), index as isize) };
    // SAFETY: a new handle or null.
    let item = unsafe { Handle::from_raw(ctx, HPy { _i: item as isize }) };
    if item.is_none() {
        // Another thread has shortened the list since, or the item is not set yet.
        drop(Error::take(ctx));
    }
    item
}

#[inline(always)]
pub(crate) fn tuple_len(_: Context<'_>, raw: HPy) -> usize {
    // SAFETY: the callers' handles are open tuples.
    unsafe { capi::tuple_len(object(raw)) as usize }
}

#[inline(always)]
pub(crate) fn tuple_get<'ctx>(ctx: Context<'ctx>, raw: HPy, index: usize) -> Option<Handle<'ctx>> {
    if index >= tuple_len(ctx, raw) {
        return None;
    }
    // SAFETY: the callers' handles are open tuples, the index is in range. The item may be null in a
    // tuple that somebody else still fills.
    unsafe {
        let item = capi::xnew_ref(capi::tuple_item(object(raw), index as isize));
        Handle::from_raw(ctx, HPy { _i: item as isize })
    }
}

pub(crate) fn dict_items<'ctx>(
    dict: &Handle<'ctx, Dict>,
) -> Result<Vec<(Handle<'ctx>, Handle<'ctx>)>> {
    let ctx = dict.ctx();
    // SAFETY: the handle is an open dict; a new list of pairs or null with an exception.
    let pairs = unsafe {
        let pairs = capi::PyDict_Items(object(dict.as_raw()));
        ctx.handle_from_raw::<crate::types::List>(HPy { _i: pairs as isize })?
    };
    let mut items = Vec::new();
    items.try_reserve_exact(pairs.len())?;
    for pair in pairs.items() {
        let pair = pair.downcast_into::<crate::types::Tuple>()?;
        if let (Some(key), Some(value)) = (pair.get(0), pair.get(1)) {
            items.push((key, value));
        }
    }
    Ok(items)
}

/// Calls `body` with the keyword's name, or None if it is not valid Unicode.
#[inline]
pub(crate) fn with_keyword_name<R>(
    ctx: Context<'_>,
    names: HPy,
    position: usize,
    body: impl FnOnce(Option<&str>) -> R,
) -> R {
    let mut size = 0;
    // SAFETY: `names` is an open tuple of strs with more than `position` items; the text lives as long
    // as the str, which the tuple holds.
    unsafe {
        let name = capi::tuple_item(object(names), position as isize);
        let text = capi::PyUnicode_AsUTF8AndSize(name, &mut size);
        if text.is_null() {
            drop(Error::take(ctx));
            return body(None);
        }
        let bytes = core::slice::from_raw_parts(text.cast(), size as usize);
        body(Some(core::str::from_utf8_unchecked(bytes)))
    }
}
