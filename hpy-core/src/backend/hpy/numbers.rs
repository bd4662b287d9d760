//! Many numbers at once: through the context.

use super::pypy;
use crate::backend::Way;
use crate::numbers::Packed;
use crate::types::{List, Number};
use crate::{Context, Handle, Result};
use hpy_sys::*;

/// The quickest way of the runtime.
pub(crate) fn way_of_numbers(ctx: Context<'_>) -> Way {
    // SAFETY: the context is valid, and no exception is pending while Rust runs.
    match unsafe { context_layout(ctx.as_ptr()) } {
        // PyPy's.
        ContextLayout::Displaced => Way::Array,
        _ => Way::Struct,
    }
}

fn kind_of<P: Packed>() -> PackedKind {
    if P::IS_FLOAT {
        PackedKind::FLOATS
    } else {
        PackedKind::INTS
    }
}

/// The items of an exact list or tuple as the package `hpy` reads them. None says nothing.
pub(crate) fn read_by_package<P: Packed>(
    sequence: &Handle<'_>,
    is_list: bool,
    len: usize,
) -> Option<Vec<[u8; 8]>> {
    let ctx = sequence.ctx().as_ptr();
    let mut numbers = Vec::new();
    // SAFETY: the context is valid, and the handle open. The function writes no more than there is
    // room for, and has written as many as it returns.
    unsafe {
        let functions = context_extension(ctx)?.numbers?;
        numbers.try_reserve_exact(len).ok()?;
        let (raw, kind, place) = (sequence.as_raw(), kind_of::<P>(), numbers.as_mut_ptr());
        let count = (functions.read)(ctx, raw, is_list.into(), kind, place, len);
        numbers.set_len(count);
    }
    (numbers.len() == len).then_some(numbers)
}

/// A list that the package `hpy` makes of the numbers. None says nothing.
pub(crate) fn list_by_package<'ctx, P: Packed>(
    ctx: Context<'ctx>,
    numbers: &[[u8; 8]],
) -> Option<Result<Handle<'ctx, List>>> {
    // SAFETY: the context is valid. The function gives a new list, or null with an exception.
    unsafe {
        let functions = context_extension(ctx.as_ptr())?.numbers?;
        let (kind, place) = (kind_of::<P>(), numbers.as_ptr());
        let list = (functions.make_list)(ctx.as_ptr(), kind, place, numbers.len());
        Some(ctx.made_handle(list))
    }
}

/// A new list, or null with an exception.
pub(crate) fn list_of_numbers<T: Number>(ctx: Context<'_>, values: &[T]) -> HPy {
    let raw = ctx.as_ptr();
    // SAFETY: the handles are open, and the list is closed once, or returned.
    unsafe {
        // Not by a builder: see `list_of`.
        let list = HPyList_New(raw, 0);
        let mut appended = 0;
        let append = |item: Handle<'_>| {
            if appended == 0 {
                appended = HPyList_Append(raw, list, item.as_raw());
            }
        };
        if list.is_null() || (each(ctx, values, append).is_ok() && appended == 0) {
            return list;
        }
        HPy_Close(raw, list);
        HPy::NULL
    }
}

/// A new tuple, or null with an exception.
pub(crate) fn tuple_of_numbers<T: Number>(ctx: Context<'_>, values: &[T]) -> HPy {
    let raw = ctx.as_ptr();
    // SAFETY: the builder is filled up to its size and used up by the building, or cancelled.
    // Building on null raises.
    unsafe {
        let builder = HPyTupleBuilder_New(raw, values.len() as HPy_ssize_t);
        let mut index = 0;
        let set = |item: Handle<'_>| {
            HPyTupleBuilder_Set(raw, builder, index, item.as_raw());
            index += 1;
        };
        if !builder.is_null() && each(ctx, values, set).is_err() {
            HPyTupleBuilder_Cancel(raw, builder);
            return HPy::NULL;
        }
        HPyTupleBuilder_Build(raw, builder)
    }
}

/// A function that reads an int with one word of PyPy's own HPy. None says nothing: the object may
/// be no int, or too large, and any context may be another.
///
/// PyPy's words for these widths take ints alone, by their value, and never run code; that of
/// `int64_t` calls the `__int__` of what is no int (7.3.19).
macro_rules! read_by_one_word {
    ($($name:ident: $int:ty = $word:ident;)*) => {$(
        #[inline(always)]
        pub(crate) fn $name(handle: &Handle<'_>) -> Option<$int> {
            let ctx = handle.ctx();
            if !pypy::is_plain(ctx) {
                return None;
            }
            let raw = ctx.as_ptr();
            // SAFETY: the handle is open. By the word, as the context is a host's.
            let value = unsafe { ((*raw).$word)(raw, handle.as_raw()) };
            (value.wrapping_add(1) != 0 || pypy::nothing_raised(ctx)).then_some(value as $int)
        }
    )*};
}

read_by_one_word! {
    i64_by_one_word: i64 = ctx_Long_AsSsize_t;
    u64_by_one_word: u64 = ctx_Long_AsUInt64_t;
    usize_by_one_word: usize = ctx_Long_AsSize_t;
}

/// Gives each number to `set`. After an error an exception is pending.
fn each<'ctx, T: Number>(
    ctx: Context<'ctx>,
    values: &[T],
    mut set: impl FnMut(Handle<'ctx>),
) -> core::result::Result<(), ()> {
    for value in values {
        match value.into_handle(ctx) {
            Ok(item) => set(item),
            Err(error) => {
                error.raise(ctx);
                return Err(());
            }
        }
    }
    Ok(())
}
