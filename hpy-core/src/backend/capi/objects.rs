//! Quick ways of this ABI.

use crate::types::{Dict, Kind, List, Type};
use crate::{CompareOp, Context, Error, Handle, Result};
use core::ffi::c_int;
use hpy_sys::capi::{self, PyObject};
use hpy_sys::*;

#[inline(always)]
fn object(raw: HPy) -> *mut PyObject {
    raw._i as *mut PyObject
}

/// Whether reading an int from an object asks for its `__index__` and nothing else: since 3.10.
#[inline(always)]
pub(crate) fn ints_are_indexed(ctx: Context<'_>) -> bool {
    ctx.python_version() >= (3, 10)
}

/// The value of a small int, where it can be seen without a call. None says nothing about the
/// object.
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
pub(crate) fn str_from_utf8(ctx: Context<'_>, text: &str) -> HPy {
    ctx.assert_attached();
    // SAFETY: pointer and length are a str's, the thread is attached.
    let text = unsafe { capi::str_from_utf8(text) };
    HPy { _i: text as isize }
}

/// Whether both are the same object.
///
/// # Safety
/// The handles are open.
#[inline(always)]
pub(crate) unsafe fn is(ctx: Context<'_>, a: HPy, b: HPy) -> bool {
    // SAFETY: as promised by the caller.
    unsafe { HPy_Is(ctx.as_ptr(), a, b) != 0 }
}

/// # Safety
/// `raw` is an open handle.
#[inline(always)]
pub(crate) unsafe fn is_bool(ctx: *mut HPyContext, raw: HPy) -> bool {
    // SAFETY: as promised by the caller; there are two.
    unsafe { HPy_Is(ctx, raw, h_True(ctx)) != 0 || HPy_Is(ctx, raw, h_False(ctx)) != 0 }
}

/// `callable(*args, **keywords)`: the keywords' values stand after the positional arguments.
///
/// # Safety
/// The handles are open, `positional` is within the arguments, and there are as many further ones
/// as names, which are a tuple of str or null.
#[inline(always)]
pub(crate) unsafe fn call_with_names(
    ctx: Context<'_>,
    callable: HPy,
    args: &[HPy],
    positional: usize,
    names: HPy,
) -> HPy {
    // SAFETY: as promised by the caller.
    unsafe { HPy_Call(ctx.as_ptr(), callable, args.as_ptr(), positional, names) }
}

/// `args[0].name(*args[1:], **keywords)`, likewise.
///
/// # Safety
/// As for [`call_with_names`]; `name` is an open handle to a str, and one argument is positional.
#[inline(always)]
pub(crate) unsafe fn call_method_with_names(
    ctx: Context<'_>,
    name: HPy,
    args: &[HPy],
    positional: usize,
    names: HPy,
) -> HPy {
    // SAFETY: as promised by the caller.
    unsafe { HPy_CallMethod(ctx.as_ptr(), name, args.as_ptr(), positional, names) }
}

/// `a <op> b`.
///
/// # Safety
/// The handles are open.
#[inline(always)]
pub(crate) unsafe fn rich_compare(ctx: Context<'_>, a: HPy, b: HPy, op: CompareOp) -> HPy {
    // SAFETY: as promised by the caller.
    unsafe { HPy_RichCompare(ctx.as_ptr(), a, b, op as i32) }
}

/// The truth of `a <op> b`; identical objects are equal.
///
/// # Safety
/// The handles are open.
#[inline(always)]
pub(crate) unsafe fn compare_bool(ctx: Context<'_>, a: HPy, b: HPy, op: CompareOp) -> c_int {
    // SAFETY: as promised by the caller.
    unsafe { HPy_RichCompareBool(ctx.as_ptr(), a, b, op as c_int) }
}

/// `a // b`.
///
/// # Safety
/// The handles are open.
#[inline(always)]
pub(crate) unsafe fn floor_divide(ctx: Context<'_>, a: HPy, b: HPy) -> HPy {
    // SAFETY: as promised by the caller.
    unsafe { HPy_FloorDivide(ctx.as_ptr(), a, b) }
}

/// # Safety
/// `raw` is an open handle.
#[inline(always)]
pub(crate) unsafe fn is_int(_: *mut HPyContext, raw: HPy) -> bool {
    // SAFETY: as promised by the caller.
    unsafe { capi::has_type_flag(object(raw), capi::Py_TPFLAGS_LONG_SUBCLASS) }
}

/// By the flags of the object's type, which are one load where the layout is known.
#[inline(always)]
pub(crate) fn kind<'a, 'ctx>(handle: &'a Handle<'ctx>) -> Kind<'a, 'ctx> {
    let object = object(handle.as_raw());
    // SAFETY: the handle is open; it is cast to what the flag or the type says.
    unsafe {
        let type_ = capi::type_of(object);
        let flags = capi::type_flags(type_);
        let has = |flag| flags & flag != 0;
        if has(capi::Py_TPFLAGS_UNICODE_SUBCLASS) {
            Kind::Str(handle.downcast_unchecked())
        } else if has(capi::Py_TPFLAGS_LONG_SUBCLASS) {
            if type_ != capi::running::PyBool_Type() {
                Kind::Int(handle.downcast_unchecked())
            } else if handle.ctx().layout_known() {
                Kind::Bool(object == capi::running::_Py_TrueStruct())
            } else {
                Kind::Bool(handle.downcast_unchecked::<crate::types::Bool>().value())
            }
        } else if has(capi::Py_TPFLAGS_DICT_SUBCLASS) {
            Kind::Dict(handle.downcast_unchecked())
        } else if has(capi::Py_TPFLAGS_LIST_SUBCLASS) {
            Kind::List(handle.downcast_unchecked())
        } else if type_ == capi::running::PyFloat_Type() {
            Kind::Float(handle.downcast_unchecked())
        } else if handle.is_none() {
            Kind::None
        } else if has(capi::Py_TPFLAGS_TUPLE_SUBCLASS) {
            Kind::Tuple(handle.downcast_unchecked())
        } else if has(capi::Py_TPFLAGS_BYTES_SUBCLASS) {
            Kind::Bytes(handle.downcast_unchecked())
        } else if handle.is_instance_of::<crate::types::Float>() {
            Kind::Float(handle.downcast_unchecked())
        } else {
            Kind::Other
        }
    }
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
    if item.is_null() {
        // Another thread has shortened the list since, or the item is not set yet.
        drop(Error::take(ctx));
        return None;
    }
    // SAFETY: a new handle.
    Some(unsafe { Handle::from_raw_unchecked(ctx, HPy { _i: item as isize }) })
}

/// The item of a list at an index, for a loop. The length is a field, which is read each time.
#[inline(always)]
pub(crate) fn list_next<'ctx>(
    ctx: Context<'ctx>,
    raw: HPy,
    index: usize,
    known: usize,
) -> (Option<Handle<'ctx>>, usize) {
    #[cfg(feature = "universal")]
    if !ctx.layout_known() {
        let next = next_by_calls(ctx, raw, index, known);
        // SAFETY: a new handle or null.
        return (unsafe { Handle::from_raw(ctx, next.item) }, next.known);
    }
    (list_get(ctx, raw, index), known)
}

/// An item for a loop, and what is known from now on.
#[cfg(feature = "universal")]
struct Next {
    item: HPy,
    known: usize,
}

/// The same on PyPy by an iterator, which `known` is: a key for each item takes several times as
/// long. Of a list itself alone, as a subclass may have an iterator of its own.
#[cfg(feature = "universal")]
#[cold]
#[inline(never)]
fn next_by_calls(ctx: Context<'_>, raw: HPy, index: usize, mut known: usize) -> Next {
    // SAFETY: the callers' handles are open lists, and what is known is an iterator, which the loop
    // owns; new references or null, with an exception or at the end.
    unsafe {
        if known == 0 && index == 0 {
            known = capi::list_iterator_on_pypy(object(raw)) as usize;
        }
        if known == 0 {
            let item = list_get(ctx, raw, index).map_or(HPy_NULL, Handle::into_raw);
            return Next { item, known };
        }
        let item = capi::PyIter_Next(known as *mut PyObject) as isize;
        if item == 0 {
            drop(Error::take(ctx));
        }
        Next {
            item: HPy { _i: item },
            known,
        }
    }
}

/// The end of a loop that has something to close: what [`list_next`] has made known.
#[cfg(feature = "universal")]
#[cold]
#[inline(never)]
pub(crate) fn list_ends(ctx: Context<'_>, known: usize) {
    let iterator = HPy { _i: known as isize };
    // SAFETY: the loop's own reference, which nobody else closes.
    drop(unsafe { Handle::<crate::types::Object>::from_raw(ctx, iterator) });
}

/// A new list of the items, which it takes over.
#[inline]
pub(crate) fn list_of<'ctx>(
    ctx: Context<'ctx>,
    items: Vec<Handle<'ctx>>,
) -> Result<Handle<'ctx, List>> {
    // SAFETY: the list is new, nobody else knows it, and it is as long as there are items, each of
    // which is given to it.
    unsafe {
        let list = capi::PyList_New(items.len() as isize);
        let list_handle = ctx.made_handle(HPy { _i: list as isize })?;
        for (index, item) in items.into_iter().enumerate() {
            capi::list_fill(list, index as isize, object(item.into_raw()));
        }
        Ok(list_handle)
    }
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
    // SAFETY: the callers' handles are open tuples, the index is in range. The item may be null in
    // a tuple that somebody else still fills.
    unsafe {
        let item = capi::xnew_ref_anywhere(capi::tuple_item(object(raw), index as isize));
        if item.is_null() && ctx.is_on_pypy() {
            // It was to be made, and that failed.
            drop(Error::take(ctx));
        }
        Handle::from_raw(ctx, HPy { _i: item as isize })
    }
}

/// The item of a tuple at an index, for a loop.
#[inline(always)]
pub(crate) fn tuple_next<'ctx>(
    ctx: Context<'ctx>,
    raw: HPy,
    index: usize,
    known: usize,
) -> (Option<Handle<'ctx>>, usize) {
    (tuple_get(ctx, raw, index), known)
}

/// Appends the pairs of a dict.
pub(crate) fn dict_items<'ctx>(
    dict: &Handle<'ctx, Dict>,
    items: &mut Vec<(Handle<'ctx>, Handle<'ctx>)>,
) -> Result<()> {
    let ctx = dict.ctx();
    if ctx.mutable_in_line() {
        return dict_pairs(dict, items);
    }
    // SAFETY: the handle is an open dict; a new list of pairs or null with an exception.
    let pairs = unsafe {
        let pairs = capi::PyDict_Items(object(dict.as_raw()));
        ctx.made_handle::<crate::types::List>(HPy { _i: pairs as isize })?
    };
    items.try_reserve(pairs.len())?;
    for pair in pairs.iter() {
        let pair = pair.downcast_into::<crate::types::Tuple>()?;
        if let (Some(key), Some(value)) = (pair.get(0), pair.get(1)) {
            items.push((key, value));
        }
    }
    Ok(())
}

/// How far a loop over the pairs of a dict has come.
#[derive(Debug)]
pub(crate) struct DictPlace {
    position: isize,
    /// How many pairs there were at the beginning, and how many of them are to come.
    size: isize,
    left: isize,
}

/// The beginning of a loop without an iterator: over a dict whose class has no way of its own.
#[inline]
pub(crate) fn dict_place(dict: &Handle<'_, Dict>) -> Option<DictPlace> {
    if !dict.ctx().mutable_in_line() {
        return None;
    }
    let object = object(dict.as_raw());
    // SAFETY: an open dict.
    unsafe {
        if capi::type_of(object) != capi::running::PyDict_Type() {
            return None;
        }
        let size = capi::PyDict_Size(object);
        Some(DictPlace {
            position: 0,
            size,
            left: size,
        })
    }
}

/// The next pair of such a loop. The dict may have changed since the last one: errors are those of
/// Python's own iterator.
#[inline]
pub(crate) fn dict_next<'ctx>(
    dict: &Handle<'ctx, Dict>,
    place: &mut DictPlace,
) -> Option<Result<(Handle<'ctx>, Handle<'ctx>)>> {
    let ctx = dict.ctx();
    let (mut key, mut value) = (core::ptr::null_mut(), core::ptr::null_mut());
    // SAFETY: an open dict, and there is one lock. `PyDict_Next` checks the position against the
    // dict as it is now. Both are borrowed, and get a reference before anything else happens.
    unsafe {
        let object = object(dict.as_raw());
        if capi::PyDict_Size(object) != place.size {
            return Some(Err(changed("dictionary changed size during iteration")));
        }
        if capi::PyDict_Next(object, &mut place.position, &mut key, &mut value) == 0 {
            return None;
        }
        if place.left == 0 {
            return Some(Err(changed("dictionary keys changed during iteration")));
        }
        place.left -= 1;
        let handle = |object| HPy {
            _i: capi::new_ref(object) as isize,
        };
        let (key, value) = (handle(key), handle(value));
        Some(Ok((
            Handle::from_raw_unchecked(ctx, key),
            Handle::from_raw_unchecked(ctx, value),
        )))
    }
}

#[cold]
#[inline(never)]
fn changed(message: &'static str) -> Error {
    crate::exceptions::RuntimeError::new(message)
}

/// Without a tuple for each pair, where the interpreter has one lock and dicts of its own.
fn dict_pairs<'ctx>(
    dict: &Handle<'ctx, Dict>,
    items: &mut Vec<(Handle<'ctx>, Handle<'ctx>)>,
) -> Result<()> {
    let ctx = dict.ctx();
    let dict = object(dict.as_raw());
    let (mut position, mut key, mut value) = (0, core::ptr::null_mut(), core::ptr::null_mut());
    let mut written = items.len();
    // SAFETY: an open dict, which nobody changes: no Python code runs, and no other thread. Keys
    // and values are borrowed from it, and get a reference before anything else happens. There
    // are as many pairs behind the vector's end as have been written there.
    unsafe {
        items.try_reserve(capi::PyDict_Size(dict).max(0) as usize)?;
        // Not by `push`, which may panic: the pairs would be kept in memory for that.
        for place in items.spare_capacity_mut() {
            if capi::PyDict_Next(dict, &mut position, &mut key, &mut value) == 0 {
                break;
            }
            let handle = |object| HPy {
                _i: capi::new_ref(object) as isize,
            };
            let (key, value) = (handle(key), handle(value));
            place.write((
                Handle::from_raw_unchecked(ctx, key),
                Handle::from_raw_unchecked(ctx, value),
            ));
            written += 1;
        }
        items.set_len(written);
    }
    Ok(())
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
    // SAFETY: `names` is an open tuple of strs with more than `position` items; the text lives as
    // long as the str, which the tuple holds.
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

/// A type's `__name__`, without a copy that stays for ever as `HPyType_GetName` makes them.
#[cold]
pub(crate) fn name_of_type<'ctx>(type_: &Handle<'ctx, Type>) -> Result<Handle<'ctx>> {
    let ctx = type_.ctx();
    // SAFETY: the thread is attached, the handle is an open one of a type; a new str or null with
    // an exception.
    unsafe {
        let name = capi::name_of_type(type_.as_raw()._i as *mut PyObject);
        ctx.made_handle(HPy { _i: name as isize })
    }
}
