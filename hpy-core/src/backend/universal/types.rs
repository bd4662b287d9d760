//! What types have to know of a context beside its quirks.

use crate::backend::dispatch::own;
use crate::backend::hpy;
use crate::backend::quirks::Quirk;
use crate::types::Type;
use crate::{Context, Handle, Result};

/// What a view is known by at its end.
pub(crate) fn view_key(ctx: Context<'_>) -> crate::buffer::ViewKey {
    use crate::buffer::ViewKey;
    if ctx.has(Quirk::VIEWS_LOSE_INTERNAL) {
        ViewKey::Memory
    } else {
        ViewKey::Internal
    }
}

/// A type's name, where the C API tells it as a str.
pub(crate) fn name_of_own<'ctx>(type_: &Handle<'ctx, Type>) -> Option<Result<Handle<'ctx>>> {
    own(type_.ctx()).then(|| crate::backend::capi::objects::name_of_type(type_))
}

/// Why there can be no type of this shape, if so.
pub(crate) fn refuses_base(
    ctx: Context<'_>,
    is_cpython: bool,
    shape: hpy_sys::HPyType_BuiltinShape,
    has: crate::backend::BaseOptions,
) -> Option<&'static str> {
    match (own(ctx), is_cpython) {
        (true, true) => None,
        (true, false) => refused_by_emulation(ctx, shape, has),
        (false, true) => hpy::bases::refuses_base(ctx, shape),
        (false, false) => Some("an interpreter's own HPy has no data beside built-in values"),
    }
}

/// Whether objects have a `__dict__` and can be referred to weakly without being asked to; None
/// where a class in Python, which could, is no way to have data.
pub(crate) fn has_all_slots(ctx: Context<'_>, is_cpython: bool) -> Option<bool> {
    if own(ctx) {
        return Some(ctx.has(Quirk::OBJECTS_HAVE_DICTS));
    }
    // SAFETY: a `Context`'s is valid on this thread.
    let is_package = unsafe { hpy_sys::universal::is_of_package(ctx.as_ptr()) };
    match (is_cpython, is_package) {
        (true, false) => None,
        (true, true) => Some(false),
        (false, _) => Some(true),
    }
}

/// Other interpreters' C API: docs/design/interpreters.md.
fn refused_by_emulation(
    ctx: Context<'_>,
    shape: hpy_sys::HPyType_BuiltinShape,
    has: crate::backend::BaseOptions,
) -> Option<&'static str> {
    let has_room = ctx.has(Quirk::FLOATS_AND_STRS_HAVE_ROOM)
        && [
            hpy_sys::HPyType_BuiltinShape_Float,
            hpy_sys::HPyType_BuiltinShape_Unicode,
        ]
        .contains(&shape);
    if ctx.has(Quirk::METACLASSES_FAIL) && shape == hpy_sys::HPyType_BuiltinShape_Type {
        Some("types in Rust are metaclasses, or have one, on CPython only")
    } else if has.is_called && !has_room {
        Some("its objects can be called, and have no room for the function beside the value there")
    } else if ctx.has(Quirk::DEEP_BASES_LEAK) && has.is_deep {
        Some("PyPy never comes to the end of such an object whose base is in Rust too")
    } else if ctx.has(Quirk::LISTS_HAVE_NO_MEMORY) && shape == hpy_sys::HPyType_BuiltinShape_List {
        Some("no memory lies behind a list of a subclass on GraalPy")
    } else {
        None
    }
}
