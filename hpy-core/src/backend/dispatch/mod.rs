//! Own or foreign, decided for each thing by the context.

mod cached;
pub(crate) mod exception;
pub(crate) mod own;
pub(crate) mod owned_ref;

pub(crate) use cached::CachedPlace;
pub(crate) use exception::Raised;
pub(crate) use own::own;
pub(crate) use owned_ref::{Kept, release_waiting, releases_wait};

use crate::backend::capi;
use crate::backend::capi::keyword_names::KeywordName;
use crate::backend::hpy;
use crate::types::{Bytes, Dict, Kind, List, Number, Str};
use crate::{CompareOp, Context, Handle, Result};
use core::ffi::c_int;
use hpy_sys::{HPy, HPyContext, HPyGlobal, is_of_bundled_runtime};

/// What has to happen before a module's own code runs: no exception is pending yet.
pub(crate) fn module_loads(ctx: Context<'_>) -> Result<()> {
    if own(ctx) {
        return capi::module_loads(ctx);
    }
    hpy::state::remember_thread(ctx);
    hpy::exception::prepare(ctx)
}

/// Whether the context must not be used on this thread, not even to say so.
#[inline(always)]
pub(crate) fn is_refused(ctx: Context<'_>) -> bool {
    !own(ctx) && hpy::state::is_refused()
}

/// What is to be done for a module whose own code failed.
pub(crate) fn module_failed(module: &Handle<'_, crate::types::Module>) {
    if own(module.ctx()) {
        capi::module_failed(module);
    } else {
        hpy::state::module_failed(module);
    }
}

/// What is to be done before `HPyGlobal_Store` puts an object into the global.
///
/// # Safety
/// Nobody uses the global meanwhile.
#[inline]
pub(crate) unsafe fn global_stores(ctx: Context<'_>, global: *mut HPyGlobal) {
    if !own(ctx) {
        // SAFETY: as promised by the caller.
        unsafe { hpy::state::global_stores(global) }
    }
}

/// What is left to do after `HPyGlobal_Store`.
///
/// # Safety
/// `before` is what the global held before the store, and nobody uses the global meanwhile.
#[inline]
pub(crate) unsafe fn global_replaced(
    ctx: Context<'_>,
    global: *mut HPyGlobal,
    before: HPyGlobal,
    is_cleared: bool,
) {
    if !own(ctx) {
        // SAFETY: as promised by the caller.
        unsafe { hpy::state::global_replaced(ctx, global, before, is_cleared) }
    }
}

macro_rules! choose {
    ($($name:ident: $module:ident, fn[$($generics:tt)*]($ctx:expr; $($arg:ident: $ty:ty),*) -> $ret:ty;)*) => {
        $(
            #[inline(always)]
            pub(crate) fn $name<$($generics)*>($($arg: $ty),*) -> $ret {
                if own($ctx) {
                    capi::$module::$name($($arg),*)
                } else {
                    hpy::$module::$name($($arg),*)
                }
            }
        )*
    };
}

choose! {
    list_of: objects, fn['ctx](ctx; ctx: Context<'ctx>, items: Vec<Handle<'ctx>>) -> Result<Handle<'ctx, List>>;
    kind: objects, fn['a, 'ctx](handle.ctx(); handle: &'a Handle<'ctx>) -> Kind<'a, 'ctx>;
    list_len: objects, fn[](ctx; ctx: Context<'_>, raw: HPy) -> usize;
    list_get: objects, fn['ctx](ctx; ctx: Context<'ctx>, raw: HPy, index: usize) -> Option<Handle<'ctx>>;
    tuple_len: objects, fn[](ctx; ctx: Context<'_>, raw: HPy) -> usize;
    tuple_get: objects, fn['ctx](ctx; ctx: Context<'ctx>, raw: HPy, index: usize) -> Option<Handle<'ctx>>;
    dict_items: objects, fn['ctx](dict.ctx(); dict: &Handle<'ctx, Dict>) -> Result<Vec<(Handle<'ctx>, Handle<'ctx>)>>;
    bytes_len: text, fn[](bytes.ctx(); bytes: &Handle<'_, Bytes>) -> usize;
    char_count: text, fn[](text.ctx(); text: &Handle<'_, Str>) -> usize;
    way_of_numbers: numbers, fn[](ctx; ctx: Context<'_>) -> crate::backend::Way;
    list_of_numbers: numbers, fn[T: Number](ctx; ctx: Context<'_>, values: &[T]) -> HPy;
    tuple_of_numbers: numbers, fn[T: Number](ctx; ctx: Context<'_>, values: &[T]) -> HPy;
    utf8: text, fn['a](text.ctx(); text: &'a Handle<'_, Str>, bytes: &'a [u8]) -> Result<&'a str>;
}

/// Gives the floats of a list other values, where nobody could tell them from new ones; whether
/// that was done.
///
/// # Safety
/// `raw` is an open handle of a list.
#[inline]
pub(crate) unsafe fn overwrites_floats<T: Number>(
    ctx: Context<'_>,
    raw: HPy,
    values: &[T],
) -> bool {
    // SAFETY: as promised by the caller.
    own(ctx) && unsafe { capi::numbers::overwrites_floats(ctx, raw, values) }
}

/// Exchanges the items of two lists with as many; whether that was done.
///
/// # Safety
/// Both are open handles of lists.
#[inline]
pub(crate) unsafe fn swaps_items(ctx: Context<'_>, list: HPy, other: HPy) -> bool {
    // SAFETY: as promised by the caller.
    own(ctx) && unsafe { capi::numbers::swaps_items(ctx, list, other) }
}

/// A new str, or null with an exception.
#[inline(always)]
pub(crate) fn str_from_utf8(ctx: Context<'_>, text: &str) -> HPy {
    if own(ctx) {
        capi::objects::str_from_utf8(ctx, text)
    } else {
        hpy::text::str_from_utf8(ctx, text)
    }
}

/// A view of the object's memory; None under a foreign context, which shows none.
pub(crate) fn view(
    handle: &Handle<'_>,
) -> Result<Option<(capi::buffer::View, crate::buffer::Layout)>> {
    if own(handle.ctx()) {
        capi::buffer::view(handle)
    } else {
        Ok(None)
    }
}

/// The items of a list or tuple, where they can be seen without a call: foreign handles are opaque.
///
/// # Safety
/// As for the own runtime's.
#[inline(always)]
pub(crate) unsafe fn items_in_line<'a>(
    ctx: Context<'_>,
    raw: HPy,
    is_list: bool,
) -> Option<&'a [*mut hpy_sys::capi::PyObject]> {
    // SAFETY: as promised by the caller; the own runtime's handles are objects' addresses.
    unsafe { own(ctx).then(|| capi::numbers::items_in_line(ctx, raw, is_list))? }
}

/// # Safety
/// `raw` is an open handle of the context.
#[inline(always)]
pub(crate) unsafe fn is_bool(ctx: *mut HPyContext, raw: HPy) -> bool {
    // SAFETY: as promised by the caller.
    unsafe {
        if is_of_bundled_runtime(ctx) {
            capi::objects::is_bool(ctx, raw)
        } else {
            hpy::objects::is_bool(ctx, raw)
        }
    }
}

/// # Safety
/// `raw` is an open handle of the context.
#[inline(always)]
pub(crate) unsafe fn is_int(ctx: *mut HPyContext, raw: HPy) -> bool {
    // SAFETY: as promised by the caller.
    unsafe {
        if is_of_bundled_runtime(ctx) {
            capi::objects::is_int(ctx, raw)
        } else {
            hpy::objects::is_int(ctx, raw)
        }
    }
}

/// Whether both are the same object.
///
/// # Safety
/// The handles are open handles of the context.
#[inline(always)]
pub(crate) unsafe fn is(ctx: Context<'_>, a: HPy, b: HPy) -> bool {
    // SAFETY: as promised by the caller.
    unsafe {
        if own(ctx) {
            capi::objects::is(ctx, a, b)
        } else {
            hpy::objects::is(ctx, a, b)
        }
    }
}

/// `a <op> b`.
///
/// # Safety
/// The handles are open handles of the context.
#[inline]
pub(crate) unsafe fn rich_compare(ctx: Context<'_>, a: HPy, b: HPy, op: CompareOp) -> HPy {
    // SAFETY: as promised by the caller.
    unsafe {
        if own(ctx) {
            capi::objects::rich_compare(ctx, a, b, op)
        } else {
            hpy::objects::rich_compare(ctx, a, b, op)
        }
    }
}

/// The truth of `a <op> b`; identical objects are equal.
///
/// # Safety
/// The handles are open handles of the context.
#[inline]
pub(crate) unsafe fn compare_bool(ctx: Context<'_>, a: HPy, b: HPy, op: CompareOp) -> c_int {
    // SAFETY: as promised by the caller.
    unsafe {
        if own(ctx) {
            capi::objects::compare_bool(ctx, a, b, op)
        } else {
            hpy::objects::compare_bool(ctx, a, b, op)
        }
    }
}

/// `a // b`.
///
/// # Safety
/// The handles are open handles of the context.
#[inline]
pub(crate) unsafe fn floor_divide(ctx: Context<'_>, a: HPy, b: HPy) -> HPy {
    // SAFETY: as promised by the caller.
    unsafe {
        if own(ctx) {
            capi::objects::floor_divide(ctx, a, b)
        } else {
            hpy::objects::floor_divide(ctx, a, b)
        }
    }
}

/// An int of a subclass as one of type int, where the context would ask the subclass for its value.
#[inline(always)]
pub(crate) fn plain_int<'ctx>(int: &Handle<'ctx>) -> Result<Option<Handle<'ctx>>> {
    if own(int.ctx()) {
        Ok(None)
    } else {
        hpy::objects::plain_int(int)
    }
}

/// Whether the context reads a C string of these bytes as another text.
#[inline(always)]
pub(crate) fn misreads(ctx: Context<'_>, text: &[u8]) -> bool {
    !own(ctx) && hpy::text::misreads(text)
}

/// The float as the context takes it.
#[inline(always)]
pub(crate) fn float(ctx: Context<'_>, value: f64) -> f64 {
    if own(ctx) {
        value
    } else {
        hpy::text::float(value)
    }
}

/// Whether the context replaces bytes of a file's name that are no UTF-8.
#[inline(always)]
pub(crate) fn replaces_in_file_names(ctx: Context<'_>, bytes: &[u8]) -> bool {
    !own(ctx) && hpy::text::replaces_in_file_names(bytes)
}

/// Whether the context takes the object for a handle's number where its length is asked for or it
/// is called.
#[inline(always)]
pub(crate) fn misreads_numbers(object: &Handle<'_>) -> bool {
    !own(object.ctx()) && hpy::objects::is_number_of_graalpy(object)
}

/// Whether the address that a context gives for an object's data is none: PyPy's own HPy counts
/// from null, where it has destroyed the data of an object that its finalizer resurrected.
#[inline(always)]
pub(crate) fn is_no_data(data: *mut core::ffi::c_void) -> bool {
    data.addr() < 4096
}

/// Whether the context never gives up what a list builder has built.
#[inline(always)]
pub(crate) fn keeps_built_lists(ctx: Context<'_>) -> bool {
    !own(ctx) && hpy::state::on_pypy(ctx)
}

/// Whether this is a list or tuple that the context finds items in, or puts some, by indices that
/// it does not have.
#[inline(always)]
pub(crate) fn reaches_beyond_the_end(object: &Handle<'_>) -> bool {
    !own(object.ctx()) && hpy::objects::is_sequence_of_graalpy(object)
}

/// Whether ints that are put into a list by a slice may end up twice, or as zeros.
#[inline(always)]
pub(crate) fn mangles_lists(ctx: Context<'_>) -> bool {
    if own(ctx) {
        ctx.is_on_graalpy()
    } else {
        hpy::state::on_graalpy()
    }
}

/// Whether the context takes what is behind a name's first dot, not its last, as the name of a new
/// exception.
#[inline(always)]
pub(crate) fn splits_at_first_dot(ctx: Context<'_>) -> bool {
    !own(ctx) && hpy::state::on_graalpy()
}

/// Whether tracebacks have neither the file nor the name of code whose name was replaced.
#[inline(always)]
pub(crate) fn forgets_renamed_code(ctx: Context<'_>) -> bool {
    !own(ctx) && hpy::state::on_graalpy()
}

/// Whether the context takes small ints for something else where a function's argument may be
/// missing.
#[inline(always)]
pub(crate) fn misreads_defaults(ctx: Context<'_>) -> bool {
    !own(ctx) && hpy::state::on_graalpy()
}

/// `callable(*args, **keywords)`: the keywords' values stand after the positional arguments.
///
/// # Safety
/// The handles are open, `positional` is within the arguments, and there are as many further ones
/// as names, which are a tuple of str or null.
#[inline]
pub(crate) unsafe fn call_with_names(
    ctx: Context<'_>,
    callable: HPy,
    args: &[HPy],
    positional: usize,
    names: HPy,
) -> HPy {
    // SAFETY: as promised by the caller.
    unsafe {
        if own(ctx) {
            capi::objects::call_with_names(ctx, callable, args, positional, names)
        } else {
            hpy::objects::call_with_names(ctx, callable, args, positional, names)
        }
    }
}

/// `args[0].name(*args[1:], **keywords)`, likewise.
///
/// # Safety
/// As for [`call_with_names`]; `name` is an open handle to a str, and one argument is positional.
#[inline]
pub(crate) unsafe fn call_method_with_names(
    ctx: Context<'_>,
    name: HPy,
    args: &[HPy],
    positional: usize,
    names: HPy,
) -> HPy {
    // SAFETY: as promised by the caller.
    unsafe {
        if own(ctx) {
            capi::objects::call_method_with_names(ctx, name, args, positional, names)
        } else {
            hpy::objects::call_method_with_names(ctx, name, args, positional, names)
        }
    }
}

/// The value of a small int, where it can be seen without a call: foreign handles are opaque.
#[inline(always)]
pub(crate) fn small_int(handle: &Handle<'_>) -> Option<i64> {
    own(handle.ctx())
        .then(|| capi::objects::small_int(handle))
        .flatten()
}

/// The value of a float, where it can be seen without a call: foreign handles are opaque.
#[inline(always)]
pub(crate) fn exact_float(handle: &Handle<'_>) -> Option<f64> {
    own(handle.ctx())
        .then(|| capi::objects::exact_float(handle))
        .flatten()
}

/// Whether reading an int from an object asks for its `__index__` and nothing else: a foreign
/// context may be any.
#[inline(always)]
pub(crate) fn ints_are_indexed(ctx: Context<'_>) -> bool {
    own(ctx) && capi::objects::ints_are_indexed(ctx)
}

/// Whether reading a float from an object asks for its `__index__` too: PyPy does not, and both
/// contexts may be on it.
#[inline(always)]
pub(crate) fn floats_are_indexed(_: Context<'_>) -> bool {
    false
}

/// The parameter whose name has the address of the one at `position`: foreign handles have none.
#[inline(always)]
pub(crate) fn known_keyword(
    ctx: Context<'_>,
    names: HPy,
    position: usize,
    known: &[KeywordName],
) -> Option<usize> {
    own(ctx)
        .then(|| capi::keyword_names::known_keyword(ctx, names, position, known))
        .flatten()
}

/// Calls `body` with the keyword's name, or None if it is not valid Unicode.
#[inline]
pub(crate) fn with_keyword_name<R>(
    ctx: Context<'_>,
    names: HPy,
    position: usize,
    body: impl FnOnce(Option<&str>) -> R,
) -> R {
    if own(ctx) {
        capi::objects::with_keyword_name(ctx, names, position, body)
    } else {
        hpy::objects::with_keyword_name(ctx, names, position, body)
    }
}
