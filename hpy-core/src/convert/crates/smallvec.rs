//! `smallvec`: vectors whose first items are in line.

use crate::{Annotation, Context, FromHandle, Handle, IntoHandle, Result};
use smallvec::{Array, SmallVec};

/// As a `Vec`.
impl<'a, 'ctx, A: Array> FromHandle<'a, 'ctx> for SmallVec<A>
where
    A::Item: for<'b> FromHandle<'b, 'ctx>,
{
    const ANNOTATION: Annotation = <Vec<A::Item> as FromHandle<'a, 'ctx>>::ANNOTATION;

    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        // Its memory is used if it is more than fits in line.
        Vec::from_handle(handle).map(SmallVec::from_vec)
    }
}

/// As a `Vec`.
impl<'ctx, A: Array> IntoHandle<'ctx> for SmallVec<A>
where
    A::Item: IntoHandle<'ctx>,
{
    const ANNOTATION: Annotation = <A::Item as IntoHandle<'ctx>>::LIST_ANNOTATION;

    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        self.into_vec().into_handle(ctx)
    }
}

/// As a slice.
impl<'a, 'ctx, A: Array> IntoHandle<'ctx> for &'a SmallVec<A>
where
    &'a A::Item: IntoHandle<'ctx>,
{
    const ANNOTATION: Annotation = <&'a A::Item as IntoHandle<'ctx>>::LIST_ANNOTATION;

    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        self.as_slice().into_handle(ctx)
    }
}
