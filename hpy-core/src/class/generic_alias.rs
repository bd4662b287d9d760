//! `Point[int]`: `#[hpy_type(generic)]`.

use crate::types::Type;
use crate::{Annotation, Context, Handle, IntoHandle, Result};

/// A `types.GenericAlias`, as `list[int]` is.
pub struct GenericAlias<'ctx>(Handle<'ctx>);

impl<'ctx> IntoHandle<'ctx> for GenericAlias<'ctx> {
    const ANNOTATION: Annotation = Annotation::name("types.GenericAlias");

    #[inline]
    fn into_handle(self, _: Context<'ctx>) -> Result<Handle<'ctx>> {
        Ok(self.0)
    }
}

/// What `__class_getitem__` returns.
#[cold]
pub fn generic_alias<'ctx>(
    class: &Handle<'ctx, Type>,
    item: &Handle<'ctx>,
) -> Result<GenericAlias<'ctx>> {
    let alias = class.ctx().import("types")?.getattr(c"GenericAlias")?;
    alias.call1((class.as_object(), item)).map(GenericAlias)
}
