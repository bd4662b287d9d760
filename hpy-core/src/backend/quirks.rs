//! What types have to know of a context: what it does otherwise than HPy says, or not at all.

use super::dispatch::own;
use super::hpy;
use crate::types::Type;
use crate::{Context, Handle, Result};

/// Whether the signature in a type's docstring is taken from it: PyPy's and GraalPy's own HPy leave
/// it there.
pub(crate) fn reads_signatures(ctx: Context<'_>) -> bool {
    use hpy_sys::ContextLayout;
    // SAFETY: a `Context`'s is valid on this thread, and no exception is pending while Rust runs.
    own(ctx)
        || !matches!(
            unsafe { hpy_sys::context_layout(ctx.as_ptr()) },
            ContextLayout::Displaced | ContextLayout::Graal
        )
}

/// Whether `__call__` is a slot: PyPI's `hpy` gives instances of classes written in Python no
/// function then, and GraalPy's own HPy leaves arguments of such calls on its stack, over which the
/// process ends at the end.
pub(crate) fn calls_by_slot(ctx: Context<'_>) -> bool {
    use hpy_sys::ContextLayout;
    // SAFETY: a `Context`'s is valid on this thread, and no exception is pending while Rust runs.
    own(ctx)
        || unsafe {
            hpy_sys::universal::is_of_package(ctx.as_ptr())
                || hpy_sys::context_layout(ctx.as_ptr()) == ContextLayout::Displaced
        }
}

/// Whether each object has a function that it is called by. PyPy's own HPy has one for all of a
/// type, and PyPI's `hpy` does not find its place in instances of classes written in Python.
#[inline(always)]
pub(crate) fn calls_per_object(ctx: Context<'_>) -> bool {
    own(ctx)
}

/// Whether the data of an object is found, and measured, whatever the object's type is.
#[inline]
pub(crate) fn measures_data(ctx: Context<'_>) -> bool {
    !own(ctx) && hpy::state::on_pypy(ctx)
}

/// What a view is known by at its end.
pub(crate) fn view_key(ctx: Context<'_>) -> crate::buffer::ViewKey {
    use crate::buffer::ViewKey;
    if own(ctx) {
        if ctx.is_on_pypy() {
            ViewKey::Memory
        } else {
            ViewKey::Internal
        }
    } else if hpy::state::on_pypy(ctx) {
        ViewKey::Struct
    } else {
        ViewKey::Internal
    }
}

/// A type's name, where the C API tells it as a str.
pub(crate) fn name_of_own<'ctx>(type_: &Handle<'ctx, Type>) -> Option<Result<Handle<'ctx>>> {
    own(type_.ctx()).then(|| crate::backend::capi::objects::name_of_type(type_))
}

/// Whether HPy's functions end the process where the stack is used up that the interpreter allows
/// for.
pub(crate) fn dies_of_recursion(ctx: Context<'_>) -> bool {
    !own(ctx) && hpy::state::on_pypy(ctx)
}

/// Whether a type has to see to it by itself that no Python class derives from it: where the flag
/// is not looked at, or where it is allowed, and the end of such a class's instance would be the
/// end of the process.
pub(crate) fn refuses_subclasses(ctx: Context<'_>, allowed: bool, destroys: bool) -> bool {
    // SAFETY: a `Context`'s is valid on this thread, and no exception is pending while Rust runs.
    match unsafe { hpy_sys::context_layout(ctx.as_ptr()) } {
        _ if own(ctx) => false,
        hpy_sys::ContextLayout::Displaced => !allowed || destroys,
        hpy_sys::ContextLayout::Graal => !allowed,
        _ => false,
    }
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
        return Some(ctx.is_on_pypy());
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
    let has_room = ctx.is_on_graalpy()
        && [
            hpy_sys::HPyType_BuiltinShape_Float,
            hpy_sys::HPyType_BuiltinShape_Unicode,
        ]
        .contains(&shape);
    if shape == hpy_sys::HPyType_BuiltinShape_Type {
        Some("types in Rust are metaclasses, or have one, on CPython only")
    } else if has.is_called && !has_room {
        Some("its objects can be called, and have no room for the function beside the value there")
    } else if ctx.is_on_pypy() && has.is_deep {
        Some("PyPy never comes to the end of such an object whose base is in Rust too")
    } else if ctx.is_on_graalpy() && shape == hpy_sys::HPyType_BuiltinShape_List {
        Some("no memory lies behind a list of a subclass on GraalPy")
    } else {
        None
    }
}

/// Whether each of an object's classes is asked for its fields. Else the most derived alone is.
pub(crate) fn traverses_bases(ctx: Context<'_>) -> bool {
    // SAFETY: a `Context`'s is valid on this thread.
    own(ctx) || unsafe { hpy_sys::universal::is_of_package(ctx.as_ptr()) }
}

/// Whether fields belong to objects there. GraalPy's own HPy never asks an object for its fields,
/// and wants to be told the object to load one.
pub(crate) fn binds_fields(ctx: Context<'_>) -> bool {
    // SAFETY: a `Context`'s is valid on this thread, and no exception is pending while Rust runs.
    unsafe { !own(ctx) && hpy_sys::context_layout(ctx.as_ptr()) != hpy_sys::ContextLayout::Graal }
}
