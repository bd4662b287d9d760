//! `uuid`.

use crate::types;
use crate::{Context, FromHandle, Handle, IntoHandle, Result};
use uuid::Uuid;

/// From a `uuid.UUID`.
impl<'a, 'ctx> FromHandle<'a, 'ctx> for Uuid {
    const ANNOTATION: crate::Annotation = crate::Annotation::name("uuid.UUID");

    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        let uuid = handle.downcast::<types::Uuid>()?;
        uuid.as_u128().map(Uuid::from_u128)
    }
}

/// A `uuid.UUID`.
impl<'ctx> IntoHandle<'ctx> for Uuid {
    const ANNOTATION: crate::Annotation = crate::Annotation::name("uuid.UUID");

    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        ctx.uuid(self.as_u128()).map(Handle::into_object)
    }
}
