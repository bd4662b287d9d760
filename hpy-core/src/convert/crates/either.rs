//! `either`: one of two types.

use crate::convert::derived::FailedVariants;
use crate::stack::Level;
use crate::{Annotation, Context, FromHandle, Handle, IntoHandle, Result};
use either::Either;

/// From what converts to the left type, or else to the right one. What Python code raises ends the
/// conversion, as for `#[derive(FromHandle)]`.
impl<'a, 'ctx, L, R> FromHandle<'a, 'ctx> for Either<L, R>
where
    L: FromHandle<'a, 'ctx>,
    R: FromHandle<'a, 'ctx>,
{
    const ANNOTATION: Annotation = Annotation::union(&[L::ANNOTATION, R::ANNOTATION]);
    const NESTS: bool = L::NESTS || R::NESTS;

    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        let _level = Level::if_nested(Self::NESTS)?;
        let mut failed = FailedVariants::new("Either");
        match L::from_handle(handle) {
            Ok(left) => return Ok(Either::Left(left)),
            Err(error) => failed.add(handle, "Left", error)?,
        }
        match R::from_handle(handle) {
            Ok(right) => return Ok(Either::Right(right)),
            Err(error) => failed.add(handle, "Right", error)?,
        }
        Err(failed.into_error(handle))
    }
}

/// What the value inside becomes.
impl<'ctx, L, R> IntoHandle<'ctx> for Either<L, R>
where
    L: IntoHandle<'ctx>,
    R: IntoHandle<'ctx>,
{
    const ANNOTATION: Annotation = Annotation::union(&[L::ANNOTATION, R::ANNOTATION]);
    const NESTS: bool = L::NESTS || R::NESTS;

    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        match self {
            Either::Left(left) => left.into_handle(ctx),
            Either::Right(right) => right.into_handle(ctx),
        }
    }
}

/// What the value inside becomes.
impl<'a, 'ctx, L, R> IntoHandle<'ctx> for &'a Either<L, R>
where
    &'a L: IntoHandle<'ctx>,
    &'a R: IntoHandle<'ctx>,
{
    const ANNOTATION: Annotation = <Either<&'a L, &'a R> as IntoHandle<'ctx>>::ANNOTATION;
    const NESTS: bool = <Either<&'a L, &'a R> as IntoHandle<'ctx>>::NESTS;

    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        self.as_ref().into_handle(ctx)
    }
}
