//! Many numbers at once: through the context.

use crate::backend::Way;
use crate::types::Number;
use crate::{Context, Handle};
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

/// Gives each number to `set`. After an error an exception is pending.
fn each<'ctx, T: Number>(
    ctx: Context<'ctx>,
    values: &[T],
    mut set: impl FnMut(Handle<'ctx>),
) -> Result<(), ()> {
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
