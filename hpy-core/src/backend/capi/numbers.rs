//! Many numbers at once: from and into lists and tuples.

use crate::Context;
use crate::backend::Way;
use crate::types::Number;
use hpy_sys::HPy;
use hpy_sys::capi::{self, PyObject};

/// The quickest way on the interpreter.
#[inline(always)]
pub(crate) fn way_of_numbers(ctx: Context<'_>) -> Way {
    if ctx.layout_known() {
        Way::InLine
    } else if ctx.is_on_pypy() {
        Way::Array
    } else if ctx.is_on_graalpy() {
        Way::Struct
    } else {
        Way::OneByOne
    }
}

/// Calls `body` with the items of a list or tuple, borrowed from it, where they can be seen without
/// a call for each; else with none.
///
/// # Safety
/// `raw` is an open handle of a list, or else of a tuple; `body` calls nothing of Python, and does
/// not wait.
#[inline(always)]
pub(crate) unsafe fn with_items_in_line<R>(
    _: Context<'_>,
    raw: HPy,
    is_list: bool,
    body: impl FnOnce(&[*mut PyObject]) -> R,
) -> R {
    let object = raw._i as *mut PyObject;
    // SAFETY: as promised by the caller; with a context the thread is attached.
    unsafe {
        if is_list {
            capi::with_list_items(object, body)
        } else {
            body(capi::tuple_items_in_line(object).unwrap_or_default())
        }
    }
}

/// Gives the floats of a list other values, where nobody could tell them from new ones; whether
/// that was done.
///
/// # Safety
/// `raw` is an open handle of a list.
#[inline]
pub(crate) unsafe fn overwrites_floats<T: Number>(_: Context<'_>, raw: HPy, values: &[T]) -> bool {
    if values
        .first()
        .is_none_or(|value| value.as_float().is_none())
    {
        return false;
    }
    let values = values
        .iter()
        .map(|value| value.as_float().unwrap_or_default());
    // SAFETY: as promised by the caller; with a context the thread is attached.
    unsafe { capi::overwrite_floats(raw._i as *mut PyObject, values) }
}

/// Exchanges the items of two lists with as many; whether that was done.
///
/// # Safety
/// Both are open handles of lists.
#[inline]
pub(crate) unsafe fn swaps_items(_: Context<'_>, list: HPy, other: HPy) -> bool {
    // SAFETY: as promised by the caller; with a context the thread is attached.
    unsafe { capi::swap_items(list._i as *mut PyObject, other._i as *mut PyObject) }
}

/// A new list, or null with an exception.
pub(crate) fn list_of_numbers<T: Number>(ctx: Context<'_>, values: &[T]) -> HPy {
    ctx.assert_attached();
    // SAFETY: a new list is filled, which nobody else knows, or given up.
    unsafe {
        let list = capi::PyList_New(values.len() as isize);
        fill(list, values, |index, item| {
            capi::list_fill(list, index, item)
        })
    }
}

/// A new tuple, or null with an exception.
pub(crate) fn tuple_of_numbers<T: Number>(ctx: Context<'_>, values: &[T]) -> HPy {
    ctx.assert_attached();
    // SAFETY: a new tuple is filled, which nobody else knows, or given up.
    unsafe {
        let tuple = capi::PyTuple_New(values.len() as isize);
        fill(tuple, values, |index, item| {
            capi::tuple_fill(tuple, index, item)
        })
    }
}

/// # Safety
/// `new` is a new object with so many places, which `put` fills, or null with an exception; the
/// thread is attached.
#[inline(always)]
unsafe fn fill<T: Number>(
    new: *mut PyObject,
    values: &[T],
    put: impl Fn(isize, *mut PyObject),
) -> HPy {
    if new.is_null() {
        return HPy::NULL;
    }
    for (index, value) in values.iter().enumerate() {
        // SAFETY: as promised by the caller.
        let item = unsafe { value.made() };
        if item.is_null() {
            // SAFETY: the reference is ours.
            unsafe { capi::xdecref_cold(new) };
            return HPy::NULL;
        }
        put(index as isize, item);
    }
    HPy { _i: new as isize }
}
