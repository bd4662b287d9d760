//! What special methods return where it is no object: lengths, hashes, truth, nothing.

use crate::exceptions::{OverflowError, StopIteration};
use crate::{Annotation, Context, Error, Handle, IntoHandle, Result};

macro_rules! result {
    (
        $(#[$doc:meta])* $trait:ident $method:ident -> $out:ty, $message:literal, $note:literal
    ) => {
        $(#[$doc])*
        #[diagnostic::on_unimplemented(
            message = $message,
            label = "not what Python takes here",
            note = $note,
            note = "of a `Result` the error converts into `hpy::Error`, as every \
                    `std::error::Error` does; for a `String` or a `Box<dyn Error>` say which \
                    exception it is: `.map_err(|error| ValueError::new(error.to_string()))`; for \
                    an `anyhow::Error` turn on hpy's feature `anyhow`"
        )]
        pub trait $trait {
            /// What the slot returns.
            fn $method(self) -> Result<$out>;
        }

        #[diagnostic::do_not_recommend]
        impl<V: $trait, E: Into<Error>> $trait for core::result::Result<V, E> {
            #[inline(always)]
            fn $method(self) -> Result<$out> {
                self.map_err(Into::into)?.$method()
            }
        }

        /// The same, as a function.
        #[inline(always)]
        pub fn $method(_: Context<'_>, value: impl $trait) -> Result<$out> {
            value.$method()
        }
    };
}

result! {
    /// The result of `__len__`.
    IntoLen into_len -> isize,
    "`__len__` can't return `{Self}`",
    "write `fn __len__(&self) -> usize`, or a `Result` of it"
}
result! {
    /// The result of `__hash__`.
    IntoHash into_hash -> isize,
    "`__hash__` can't return `{Self}`",
    "write `fn __hash__(&self) -> u64`, or a `Result` of it; i64, isize and usize do too"
}
result! {
    /// The result of `__bool__` and `__contains__`.
    IntoTruth into_truth -> isize,
    "`__bool__` and `__contains__` can't return `{Self}`",
    "return `bool`, or a `Result` of it"
}
result! {
    /// The result of what returns nothing.
    IntoNothing into_nothing -> isize,
    "this method can't return `{Self}`",
    "Python takes no result here: return `()`, or a `Result<()>`"
}

result! {
    /// The result of `__buffer__`.
    IntoExport into_export -> isize,
    "`__buffer__` can't return `{Self}`",
    "write `fn __buffer__(&mut self) -> Export`, or a `Result` of it"
}

impl IntoExport for crate::buffer::Export {
    fn into_export(self) -> Result<isize> {
        crate::buffer::hand_out(self);
        Ok(0)
    }
}

impl IntoLen for usize {
    #[inline(always)]
    fn into_len(self) -> Result<isize> {
        isize::try_from(self).map_err(|_| OverflowError::new("the length does not fit isize"))
    }
}

macro_rules! hashes {
    ($($ty:ty)*) => {$(
        impl IntoHash for $ty {
            #[inline(always)]
            fn into_hash(self) -> Result<isize> {
                // -1 says that there is an exception.
                Ok(match self as isize {
                    -1 => -2,
                    hash => hash,
                })
            }
        }
    )*};
}

hashes! { u64 i64 usize isize }

impl IntoTruth for bool {
    #[inline(always)]
    fn into_truth(self) -> Result<isize> {
        Ok(self.into())
    }
}

impl IntoNothing for () {
    #[inline(always)]
    fn into_nothing(self) -> Result<isize> {
        Ok(0)
    }
}

/// The result of `__next__` and `__anext__`: None ends the iteration.
#[diagnostic::on_unimplemented(
    message = "`__next__` can't return `{Self}`",
    label = "not what Python takes here",
    note = "write `fn __next__(&mut self) -> Option<…>`, or a `Result` of it: `None` ends the \
            iteration",
    note = "of a `Result` the error converts into `hpy::Error`, as every `std::error::Error` does; \
            for a `String` or a `Box<dyn Error>` say which exception it is: `.map_err(|error| \
            ValueError::new(error.to_string()))`; for an `anyhow::Error` turn on hpy's feature \
            `anyhow`"
)]
pub trait IntoNext<'ctx> {
    /// What Python calls the item.
    #[doc(hidden)]
    const ANNOTATION: Annotation;

    /// The item; None at the end.
    fn into_next(self, ctx: Context<'ctx>) -> Result<Option<Handle<'ctx>>>;
}

impl<'ctx, V: IntoHandle<'ctx>> IntoNext<'ctx> for Option<V> {
    const ANNOTATION: Annotation = V::ANNOTATION;

    #[inline(always)]
    fn into_next(self, ctx: Context<'ctx>) -> Result<Option<Handle<'ctx>>> {
        self.map(|value| value.into_handle(ctx)).transpose()
    }
}

#[diagnostic::do_not_recommend]
impl<'ctx, V: IntoHandle<'ctx>, E: Into<Error>> IntoNext<'ctx>
    for core::result::Result<Option<V>, E>
{
    const ANNOTATION: Annotation = V::ANNOTATION;

    #[inline(always)]
    fn into_next(self, ctx: Context<'ctx>) -> Result<Option<Handle<'ctx>>> {
        self.map_err(Into::into)?.into_next(ctx)
    }
}

/// The item, or StopIteration.
#[inline(always)]
pub fn into_next<'ctx>(ctx: Context<'ctx>, value: impl IntoNext<'ctx>) -> Result<Handle<'ctx>> {
    value.into_next(ctx)?.ok_or_else(|| StopIteration::new(()))
}

/// The object itself, which an in-place operator has changed.
#[inline(always)]
pub fn into_this<'ctx>(this: &Handle<'ctx>, value: impl IntoNothing) -> Result<Handle<'ctx>> {
    value.into_nothing()?;
    Ok(this.dup())
}
