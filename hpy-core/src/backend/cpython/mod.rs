//! The CPython ABI: handles are objects' addresses, calls go straight to the C API.

pub(crate) mod access;
pub(crate) mod constant;
pub(crate) mod context;
pub(crate) mod global_place;
mod runtime;

pub(crate) use access::{
    Access, Away, Call, Entrance, access, access_at_rest, attach_from_outside, begin_call,
    begin_call_on_known_page, begin_exec,
};
pub(crate) use constant::{Constant, constant};
pub(crate) use context::RawContext;
pub(crate) use global_place::GlobalPlace;

pub(crate) use crate::backend::capi::buffer::{View, memory_moves, view};
pub(crate) use crate::backend::capi::cached::CachedPlace;
pub(crate) use crate::backend::capi::exception::Raised;
pub use crate::backend::capi::keyword_names::KeywordName;
pub(crate) use crate::backend::capi::keyword_names::{keyword_addresses, known_keyword};
pub(crate) use crate::backend::capi::lock::GlobalLock;
#[cfg(feature = "numpy")]
pub(crate) use crate::backend::capi::ndarray::{ArrayPin, array};
pub(crate) use crate::backend::capi::numbers::{
    list_of_numbers, overwrites_floats, swaps_items, tuple_of_numbers, way_of_numbers,
    with_items_in_line,
};
pub(crate) use crate::backend::capi::objects::{
    DictPlace, call_method_with_names, call_with_names, compare_bool, dict_items, dict_next,
    dict_place, exact_float, floor_divide, ints_are_indexed, is, is_bool, is_int, kind, list_get,
    list_len, list_next, list_of, rich_compare, small_int, str_from_utf8, tuple_get, tuple_len,
    tuple_next, with_keyword_name,
};
pub(crate) use crate::backend::capi::owned_ref::{Kept, release_waiting, releases_wait};
pub(crate) use crate::backend::capi::signals::check_signals;
pub(crate) use crate::backend::capi::text::{
    bytes_len, char_count, str_from_code_points, utf8, zeroed_bytes,
};
pub(crate) use crate::backend::capi::{module_failed, module_loads};

use crate::{Context, Handle, Result};
use hpy_sys::HPyGlobal;

/// Whether reading a float from an object asks for its `__index__` too: CPython does.
#[inline(always)]
pub(crate) fn floats_are_indexed(_: Context<'_>) -> bool {
    true
}

/// No handle is an int or float itself.
#[inline(always)]
pub(crate) fn is_number_itself(_: &Handle<'_>) -> bool {
    false
}

/// A number is read from an int of a subclass as from any other.
#[inline(always)]
pub(crate) fn plain_int<'ctx>(_: &Handle<'ctx>) -> Result<Option<Handle<'ctx>>> {
    Ok(None)
}

/// Functions that read an object by one word of a host's context, of which there is none.
macro_rules! by_one_word {
    ($($name:ident<$a:lifetime> -> $ret:ty;)*) => {$(
        #[inline(always)]
        pub(crate) fn $name<$a>(_: &$a Handle<'_>) -> Option<$ret> {
            None
        }
    )*};
}

by_one_word! {
    i64_by_one_word<'a> -> i64;
    u64_by_one_word<'a> -> u64;
    usize_by_one_word<'a> -> usize;
    text_by_one_word<'a> -> &'a str;
}

/// There is no package.
#[inline(always)]
#[allow(clippy::extra_unused_type_parameters)] // The other backend uses it.
pub(crate) fn read_by_package<P>(_: &Handle<'_>, _: bool, _: usize) -> Option<Vec<[u8; 8]>> {
    None
}

/// There is no package.
#[inline(always)]
#[allow(clippy::extra_unused_type_parameters)] // The other backend uses it.
pub(crate) fn list_by_package<'ctx, P>(
    _: Context<'ctx>,
    _: &[[u8; 8]],
) -> Option<Result<Handle<'ctx, crate::types::List>>> {
    None
}

/// Loops over lists know nothing that has an end.
#[inline(always)]
pub(crate) fn list_ends(_: Context<'_>, _: usize) {}

/// There is no host.
#[inline(always)]
pub(crate) fn is_host(_: Context<'_>) -> bool {
    false
}

/// HPy's function.
macro_rules! by_word {
    ($ctx:expr, $function:ident, $word:ident $(, $arg:expr)*) => {
        hpy_sys::$function($ctx.as_ptr() $(, $arg)*)
    };
}
pub(crate) use by_word;

/// There is no host, whose calls release at their ends what was dropped within them.
#[inline(always)]
pub(crate) fn host_releases_wait(_: Context<'_>) -> bool {
    false
}

/// What a view is known by at its end.
pub(crate) fn view_key(_: Context<'_>) -> crate::buffer::ViewKey {
    crate::buffer::ViewKey::Internal
}

/// A type's name, where the C API tells it as a str.
#[inline(always)]
pub(crate) fn name_of_own<'ctx>(
    type_: &Handle<'ctx, crate::types::Type>,
) -> Option<Result<Handle<'ctx>>> {
    Some(crate::backend::capi::objects::name_of_type(type_))
}

/// CPython has all shapes.
pub(crate) fn refuses_base(
    _: Context<'_>,
    _: bool,
    _: hpy_sys::HPyType_BuiltinShape,
    _: crate::backend::BaseOptions,
) -> Option<&'static str> {
    None
}

/// Types of a spec have none of them.
pub(crate) fn has_all_slots(_: Context<'_>, _: bool) -> Option<bool> {
    Some(false)
}

/// Instances of a type with data always have some.
#[inline(always)]
pub(crate) fn is_no_data(_: *mut core::ffi::c_void) -> bool {
    false
}

/// The object's address, which is its `id`.
#[inline(always)]
pub(crate) fn address(object: &Handle<'_>) -> Option<isize> {
    Some(object.as_raw()._i)
}

/// Every thread may call.
#[inline(always)]
pub(crate) fn is_refused(_: Context<'_>) -> bool {
    false
}

/// Nothing has to be done before a store to a global.
///
/// # Safety
/// None is needed here.
#[inline(always)]
pub(crate) unsafe fn global_stores(_: Context<'_>, _: *mut HPyGlobal) {}

/// A global is a reference, which the store has replaced.
///
/// # Safety
/// None is needed here.
pub(crate) unsafe fn global_replaced(
    _: Context<'_>,
    _: *mut hpy_sys::HPyGlobal,
    _: hpy_sys::HPyGlobal,
    _: bool,
) {
}
