//! The universal ABI: a call brings its context. The own runtime's leads straight to the C API,
//! every other is foreign and everything goes through it.

pub(crate) mod constant;
pub(crate) mod context;
pub(crate) mod global_place;
mod runtime;
mod types;

pub(crate) use constant::{Constant, constant};
pub(crate) use context::RawContext;
pub(crate) use global_place::GlobalPlace;

pub(crate) use crate::backend::capi::buffer::{View, memory_moves};
pub use crate::backend::capi::keyword_names::KeywordName;
pub(crate) use crate::backend::capi::keyword_names::keyword_addresses;
pub(crate) use crate::backend::capi::lock::GlobalLock;
#[cfg(feature = "numpy")]
pub(crate) use crate::backend::capi::ndarray::ArrayPin;
pub(crate) use crate::backend::capi::objects::DictPlace;
#[cfg(feature = "numpy")]
pub(crate) use crate::backend::dispatch::array;
pub(crate) use crate::backend::dispatch::{
    Access, Away, CachedPlace, Call, Entrance, Kept, Raised, access, access_at_rest, address,
    attach_from_outside, begin_call, begin_call_on_known_page, begin_exec, by_word, bytes_len,
    call_method_with_names, call_with_names, char_count, check_signals, compare_bool, dict_items,
    dict_next, dict_place, exact_float, floats_are_indexed, floor_divide, global_replaced,
    global_stores, host_releases_wait, i64_by_one_word, ints_are_indexed, is, is_bool, is_host,
    is_int, is_no_data, is_number_itself, is_refused, kind, known_keyword, list_ends, list_get,
    list_len, list_next, list_of, list_of_numbers, module_failed, module_loads, overwrites_floats,
    plain_int, release_waiting, releases_wait, rich_compare, small_int, str_from_code_points,
    str_from_utf8, swaps_items, text_by_one_word, tuple_get, tuple_len, tuple_next,
    tuple_of_numbers, u64_by_one_word, use_before_call, usize_by_one_word, utf8, view,
    way_of_numbers, while_destroying, with_items_in_line, with_keyword_name, zeroed_bytes,
};
pub(crate) use types::{has_all_slots, name_of_own, refuses_base, view_key};

pub(crate) use crate::backend::hpy::fields::{
    load as load_bound, load_at_once as load_bound_at_once,
};
pub(crate) use crate::backend::hpy::numbers::{list_by_package, read_by_package};
pub(crate) use crate::backend::hpy::owned_ref::Kept as Loose;
pub(crate) use crate::backend::hpy::pypy::{Lasting, measure, measured_data};
