//! The universal ABI: a call brings its context. The own runtime's leads straight to the C API,
//! every other is foreign and everything goes through it.

pub(crate) mod constant;
pub(crate) mod context;
pub(crate) mod global;

pub(crate) use constant::{Constant, constant};
pub(crate) use context::RawContext;
pub(crate) use global::GlobalPlace;

pub(crate) use crate::backend::capi::buffer::{View, memory_moves};
pub use crate::backend::capi::keyword_names::KeywordName;
pub(crate) use crate::backend::capi::lock::GlobalLock;
pub(crate) use crate::backend::dispatch::{
    CachedPlace, Kept, Raised, bytes_len, call_method_with_names, call_with_names, char_count,
    compare_bool, dict_items, exact_float, float, floats_are_indexed, floor_divide,
    forgets_renamed_code, global_replaced, global_stores, ints_are_indexed, is, is_bool, is_int,
    is_no_data, is_refused, items_in_line, keeps_built_lists, kind, known_keyword, list_get,
    list_len, list_of, list_of_numbers, mangles_lists, misreads, misreads_defaults,
    misreads_numbers, module_failed, module_loads, overwrites_floats, plain_int,
    reaches_beyond_the_end, release_waiting, releases_wait, replaces_in_file_names, rich_compare,
    small_int, splits_at_first_dot, str_from_utf8, swaps_items, tuple_get, tuple_len,
    tuple_of_numbers, utf8, view, way_of_numbers, with_keyword_name,
};
pub(crate) use crate::backend::quirks::{
    binds_fields, calls_by_slot, calls_per_object, dies_of_recursion, has_all_slots, measures_data,
    name_of_own, reads_signatures, refuses_base, refuses_subclasses, traverses_bases, view_key,
};

pub(crate) use crate::backend::hpy::fields::load as load_bound;
pub(crate) use crate::backend::hpy::owned_ref::Kept as Loose;
pub(crate) use crate::backend::hpy::pypy::{Lasting, measure, measured_data};
