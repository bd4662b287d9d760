//! Own or foreign, decided for each thing by the context.

pub(crate) mod access;
mod cached;
pub(crate) mod exception;
pub(crate) mod owned_ref;
pub(crate) mod which_runtime;

pub(crate) use crate::backend::hpy::entries::{Away, Call, while_destroying};
pub(crate) use crate::backend::hpy::pypy::is_no_data;
pub(crate) use access::{Access, Entrance, access, access_at_rest, attach_from_outside};
pub(crate) use cached::CachedPlace;
pub(crate) use exception::Raised;
pub(crate) use owned_ref::{Kept, host_releases_wait, release_waiting, releases_wait};
pub(crate) use which_runtime::{by_word, is_host, own};

use crate::backend::capi;
use crate::backend::capi::keyword_names::KeywordName;
use crate::backend::capi::objects::DictPlace;
use crate::backend::hpy;
use crate::backend::quirks::Quirk;
use crate::types::{Bytes, Dict, Kind, List, Number, Str};
use crate::{CompareOp, Context, Handle, Result};
use core::ffi::c_int;
use hpy_sys::{HPy, HPyContext, HPyGlobal, is_of_bundled_runtime};

/// What has to happen before a module's own code runs: no exception is pending yet.
pub(crate) fn module_loads(ctx: Context<'_>) -> Result<()> {
    if own(ctx) {
        hpy::entries::bundled_runtime_loads();
        return capi::module_loads(ctx);
    }
    hpy::modules::remember_thread(ctx);
    hpy::pypy::remember(ctx);
    hpy::exception::prepare(ctx)
}

/// What a module's own code is run with: it is a call that `attach` knows.
pub(crate) fn begin_exec(ctx: Context<'_>) -> Option<hpy::entries::Begun<'_>> {
    (!own(ctx)).then(|| hpy::entries::prepare(ctx))
}

/// What has to happen before a call uses its context, where it does so before it begins.
pub(crate) fn use_before_call(ctx: Context<'_>) {
    if hpy::entries::needs_call() {
        hpy::entries::use_before_call(ctx);
    }
}

/// Begins a call by a host on a page of the stack that is known to be usable, if it is counted
/// there. None says nothing.
#[inline(always)]
pub(crate) fn begin_call_on_known_page(ctx: Context<'_>) -> Option<Call> {
    match own(ctx) {
        true => None,
        false => Call::begin_on_known_page(),
    }
}

/// Begins a call by an interpreter. None if the context must not be used on this thread.
#[inline(always)]
pub(crate) fn begin_call(ctx: Context<'_>) -> Option<Call> {
    if own(ctx) {
        Some(Call::UNCOUNTED)
    } else {
        Call::begin(ctx)
    }
}

/// Whether the handle is an int or float itself, on GraalPy 24.
#[cold]
pub(crate) fn is_number_itself(object: &Handle<'_>) -> bool {
    // SAFETY: the handle is open.
    unsafe { hpy::objects::is_number(object.ctx(), object.as_raw()) }
}

/// Runs the handlers of signals that have come. Below zero there is an exception.
#[inline]
pub(crate) fn check_signals(ctx: Context<'_>) -> Result<c_int> {
    if own(ctx) && !ctx.has(Quirk::SIGNALS_ARE_NOT_CHECKED) {
        capi::signals::check_signals(ctx)
    } else {
        hpy::signals::check_signals(ctx)
    }
}

/// Whether the context must not be used on this thread, not even to say so.
#[inline(always)]
pub(crate) fn is_refused(ctx: Context<'_>) -> bool {
    !own(ctx) && hpy::modules::is_refused()
}

/// What is to be done for a module whose own code failed.
pub(crate) fn module_failed(module: &Handle<'_, crate::types::Module>) {
    if own(module.ctx()) {
        capi::module_failed(module);
    } else {
        hpy::modules::module_failed(module);
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
        unsafe { hpy::globals::global_stores(global) }
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
        unsafe { hpy::globals::global_replaced(ctx, global, before, is_cleared) }
    }
}

/// A function of both backends: `own` says which one is called. A row has the module that it is in.
macro_rules! choose {
    ($(
        $(#[$meta:meta])*
        $module:ident if $own:ident($ctx:expr)
        fn $name:ident $([$($generics:tt)*])? ($($arg:ident: $ty:ty),*) -> $ret:ty;
    )*) => {
        $(
            $(#[$meta])*
            #[inline(always)]
            pub(crate) fn $name $(<$($generics)*>)? ($($arg: $ty),*) -> $ret {
                $ctx.assert_attached();
                if $own($ctx) {
                    capi::$module::$name($($arg),*)
                } else {
                    hpy::$module::$name($($arg),*)
                }
            }
        )*
    };
}

/// The same of functions that are unsafe.
macro_rules! choose_unsafe {
    ($(
        $(#[$meta:meta])*
        $module:ident if $own:ident($ctx:expr)
        fn $name:ident($($arg:ident: $ty:ty),*) -> $ret:ty;
    )*) => {
        $(
            $(#[$meta])*
            pub(crate) unsafe fn $name($($arg: $ty),*) -> $ret {
                // SAFETY: as promised by the caller.
                unsafe {
                    if $own($ctx) {
                        capi::$module::$name($($arg),*)
                    } else {
                        hpy::$module::$name($($arg),*)
                    }
                }
            }
        )*
    };
}

choose! {
    objects if own(ctx)
    fn list_of['ctx](ctx: Context<'ctx>, items: Vec<Handle<'ctx>>) -> Result<Handle<'ctx, List>>;

    objects if own(handle.ctx())
    fn kind['a, 'ctx](handle: &'a Handle<'ctx>) -> Kind<'a, 'ctx>;

    objects if own(ctx)
    fn list_len(ctx: Context<'_>, raw: HPy) -> usize;

    objects if own(ctx)
    fn list_get['ctx](ctx: Context<'ctx>, raw: HPy, index: usize) -> Option<Handle<'ctx>>;

    /// The item of a list at an index, for a loop that keeps the length that it has `known`.
    objects if own(ctx)
    fn list_next['ctx](
        ctx: Context<'ctx>,
        raw: HPy,
        index: usize,
        known: usize
    ) -> (Option<Handle<'ctx>>, usize);

    objects if own(ctx)
    fn tuple_len(ctx: Context<'_>, raw: HPy) -> usize;

    objects if own(ctx)
    fn tuple_get['ctx](ctx: Context<'ctx>, raw: HPy, index: usize) -> Option<Handle<'ctx>>;

    /// Likewise of a tuple.
    objects if own(ctx)
    fn tuple_next['ctx](
        ctx: Context<'ctx>,
        raw: HPy,
        index: usize,
        known: usize
    ) -> (Option<Handle<'ctx>>, usize);

    objects if own(dict.ctx())
    fn dict_items['ctx](
        dict: &Handle<'ctx, Dict>,
        items: &mut Vec<(Handle<'ctx>, Handle<'ctx>)>
    ) -> Result<()>;

    objects if own(dict.ctx())
    fn dict_place(dict: &Handle<'_, Dict>) -> Option<DictPlace>;

    objects if own(dict.ctx())
    fn dict_next['ctx](
        dict: &Handle<'ctx, Dict>,
        place: &mut DictPlace
    ) -> Option<Result<(Handle<'ctx>, Handle<'ctx>)>>;

    /// Calls `body` with the keyword's name, or None if it is not valid Unicode.
    objects if own(ctx)
    fn with_keyword_name[R](
        ctx: Context<'_>,
        names: HPy,
        position: usize,
        body: impl FnOnce(Option<&str>) -> R
    ) -> R;

    text if own(bytes.ctx())
    fn bytes_len(bytes: &Handle<'_, Bytes>) -> usize;

    text if own(ctx)
    fn zeroed_bytes['ctx](
        ctx: Context<'ctx>,
        len: usize
    ) -> Result<Option<(Handle<'ctx, Bytes>, core::ptr::NonNull<u8>)>>;

    /// A new str of code points, all of which are Unicode's, or null with an exception. None where
    /// there is no function for it.
    text if own(ctx)
    fn str_from_code_points(ctx: Context<'_>, points: &[u32]) -> Option<HPy>;

    text if own(text.ctx())
    fn char_count(text: &Handle<'_, Str>) -> usize;

    text if own(text.ctx())
    fn utf8['a](text: &'a Handle<'_, Str>, bytes: &'a [u8]) -> Result<&'a str>;

    numbers if own(ctx)
    fn way_of_numbers(ctx: Context<'_>) -> crate::backend::Way;

    numbers if own(ctx)
    fn list_of_numbers[T: Number](ctx: Context<'_>, values: &[T]) -> HPy;

    numbers if own(ctx)
    fn tuple_of_numbers[T: Number](ctx: Context<'_>, values: &[T]) -> HPy;
}

choose_unsafe! {
    /// # Safety
    /// `raw` is an open handle of the context.
    #[inline(always)]
    objects if is_of_bundled_runtime(ctx)
    fn is_bool(ctx: *mut HPyContext, raw: HPy) -> bool;

    /// # Safety
    /// `raw` is an open handle of the context.
    #[inline(always)]
    objects if is_of_bundled_runtime(ctx)
    fn is_int(ctx: *mut HPyContext, raw: HPy) -> bool;

    /// Whether both are the same object.
    ///
    /// # Safety
    /// The handles are open handles of the context.
    #[inline(always)]
    objects if own(ctx)
    fn is(ctx: Context<'_>, a: HPy, b: HPy) -> bool;

    /// `a <op> b`.
    ///
    /// # Safety
    /// The handles are open handles of the context.
    #[inline]
    objects if own(ctx)
    fn rich_compare(ctx: Context<'_>, a: HPy, b: HPy, op: CompareOp) -> HPy;

    /// The truth of `a <op> b`; identical objects are equal.
    ///
    /// # Safety
    /// The handles are open handles of the context.
    #[inline]
    objects if own(ctx)
    fn compare_bool(ctx: Context<'_>, a: HPy, b: HPy, op: CompareOp) -> c_int;

    /// `a // b`.
    ///
    /// # Safety
    /// The handles are open handles of the context.
    #[inline]
    objects if own(ctx)
    fn floor_divide(ctx: Context<'_>, a: HPy, b: HPy) -> HPy;

    /// `callable(*args, **keywords)`: the keywords' values stand after the positional arguments.
    ///
    /// # Safety
    /// The handles are open, `positional` is within the arguments, and there are as many further
    /// ones as names, which are a tuple of str or null.
    #[inline]
    objects if own(ctx)
    fn call_with_names(
        ctx: Context<'_>,
        callable: HPy,
        args: &[HPy],
        positional: usize,
        names: HPy
    ) -> HPy;

    /// `args[0].name(*args[1:], **keywords)`, likewise.
    ///
    /// # Safety
    /// As for [`call_with_names`]; `name` is an open handle to a str, and one argument is
    /// positional.
    #[inline]
    objects if own(ctx)
    fn call_method_with_names(
        ctx: Context<'_>,
        name: HPy,
        args: &[HPy],
        positional: usize,
        names: HPy
    ) -> HPy;
}

/// The end of a loop over a list, in which something was known of it.
#[cold]
pub(crate) fn list_ends(ctx: Context<'_>, known: usize) {
    if own(ctx) {
        capi::objects::list_ends(ctx, known);
    }
}

/// A new str, or null with an exception.
#[inline(always)]
pub(crate) fn str_from_utf8(ctx: Context<'_>, text: &str) -> HPy {
    // What panics in debug builds does so here, where that may unwind.
    ctx.assert_attached();
    if own(ctx) {
        capi::objects::str_from_utf8(ctx, text)
    } else {
        hpy::text::str_from_utf8(ctx, text)
    }
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

/// Where the items of a numpy array lie; None under a foreign context.
#[cfg(feature = "numpy")]
#[inline]
pub(crate) fn array<'ctx>(
    handle: &Handle<'ctx>,
) -> Result<Option<(capi::ndarray::ArrayPin<'ctx>, Box<crate::buffer::Layout>)>> {
    match own(handle.ctx()) {
        true => capi::ndarray::array(handle),
        false => Ok(None),
    }
}

/// A view of the object's memory; None under a foreign context, which shows none.
pub(crate) fn view(
    handle: &Handle<'_>,
) -> Result<Option<(capi::buffer::View, Box<crate::buffer::Layout>)>> {
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
pub(crate) unsafe fn with_items_in_line<R>(
    ctx: Context<'_>,
    raw: HPy,
    is_list: bool,
    body: impl FnOnce(&[*mut hpy_sys::capi::PyObject]) -> R,
) -> R {
    if !own(ctx) {
        return body(&[]);
    }
    // SAFETY: as promised by the caller; the own runtime's handles are objects' addresses.
    unsafe { capi::numbers::with_items_in_line(ctx, raw, is_list, body) }
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

/// Functions that read an object by one word of a host's, where that is exact. None says nothing.
macro_rules! by_one_word {
    ($($module:ident fn $name:ident<$a:lifetime>(handle) -> $ret:ty;)*) => {$(
        #[inline(always)]
        pub(crate) fn $name<$a>(handle: &$a Handle<'_>) -> Option<$ret> {
            match own(handle.ctx()) {
                true => None,
                false => hpy::$module::$name(handle),
            }
        }
    )*};
}

by_one_word! {
    numbers fn i64_by_one_word<'a>(handle) -> i64;
    numbers fn u64_by_one_word<'a>(handle) -> u64;
    numbers fn usize_by_one_word<'a>(handle) -> usize;
    text fn text_by_one_word<'a>(handle) -> &'a str;
}

/// The object's address, where that is its `id`.
#[inline]
pub(crate) fn address(object: &Handle<'_>) -> Option<isize> {
    let ctx = object.ctx();
    (own(ctx) && ctx.layout_known()).then(|| object.as_raw()._i)
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
