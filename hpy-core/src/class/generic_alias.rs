//! `Point[int]`: `#[hpy_type(generic)]`.

use crate::types::Type;
use crate::{Handle, Result};

/// What `__class_getitem__` returns: a `types.GenericAlias`, as `list[int]` is.
///
/// # Errors
/// AttributeError on an interpreter that has no such type.
#[cold]
pub fn generic_alias<'ctx>(
    class: &Handle<'ctx, Type>,
    item: &Handle<'ctx>,
) -> Result<Handle<'ctx>> {
    let alias = class.ctx().import("types")?.getattr(c"GenericAlias")?;
    alias.call1((class.as_object(), item))
}
