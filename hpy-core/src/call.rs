//! The arguments of calls that Rust makes.

use crate::convert::Argument;
use crate::types::{Dict, Str, Tuple};
use crate::{Context, Handle, IntoHandle, Result};
use hpy_sys::HPy;

/// Positional arguments: a tuple of convertible values, `&[…]` or `Vec` of them, a Python tuple.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be the arguments of a Python call",
    label = "not a tuple of convertible values",
    note = "a single argument is a tuple too: `f.call1((x,))`"
)]
pub trait CallArgs<'ctx>: Sized + sealed::Sealed {
    /// Calls `body` with the open handles of `first`, if there is one, and the arguments.
    #[doc(hidden)]
    fn with_optional<R>(
        self,
        ctx: Context<'ctx>,
        first: Option<HPy>,
        body: impl FnOnce(&[HPy]) -> Result<R>,
    ) -> Result<R>;

    /// Calls `body` with the open handles of the arguments.
    #[doc(hidden)]
    #[inline(always)]
    fn with_handles<R>(
        self,
        ctx: Context<'ctx>,
        body: impl FnOnce(&[HPy]) -> Result<R>,
    ) -> Result<R> {
        self.with_optional(ctx, None, body)
    }

    /// Calls `body` with `first` and the open handles of the arguments.
    #[doc(hidden)]
    #[inline(always)]
    fn with_handles_after<R>(
        self,
        ctx: Context<'ctx>,
        first: HPy,
        body: impl FnOnce(&[HPy]) -> Result<R>,
    ) -> Result<R> {
        self.with_optional(ctx, Some(first), body)
    }
}

/// What passes handles on to the interpreter must be ours: it could pass anything.
mod sealed {
    pub trait Sealed {}
    impl<V> Sealed for Vec<V> {}
    impl<V> Sealed for &[V] {}
    impl Sealed for &crate::Handle<'_, crate::types::Tuple> {}
}

macro_rules! tuples {
    ($($count:literal: $($value:ident)*;)*) => {
        $(
            impl<$($value),*> sealed::Sealed for ($($value,)*) {}

            impl<'ctx, $($value: IntoHandle<'ctx>),*> CallArgs<'ctx> for ($($value,)*) {
                #[inline(always)]
                #[allow(non_snake_case, unused_variables)]
                fn with_optional<R>(
                    self,
                    ctx: Context<'ctx>,
                    first: Option<HPy>,
                    body: impl FnOnce(&[HPy]) -> Result<R>,
                ) -> Result<R> {
                    let ($($value,)*) = self;
                    $(let $value = $value.into_argument(ctx)?;)*
                    match first {
                        Some(first) => body(&[first, $($value.as_raw()),*]),
                        None => body(&[$($value.as_raw()),*]),
                    }
                }
            }
        )*
    };
}

tuples! {
    0: ;
    1: A;
    2: A B;
    3: A B C;
    4: A B C D;
    5: A B C D E;
    6: A B C D E F;
    7: A B C D E F G;
    8: A B C D E F G H;
    9: A B C D E F G H I;
    10: A B C D E F G H I J;
    11: A B C D E F G H I J K;
    12: A B C D E F G H I J K L;
}

impl<'ctx, V: IntoHandle<'ctx>> CallArgs<'ctx> for Vec<V> {
    fn with_optional<R>(
        self,
        ctx: Context<'ctx>,
        first: Option<HPy>,
        body: impl FnOnce(&[HPy]) -> Result<R>,
    ) -> Result<R> {
        let values = self.into_iter().map(|value| value.into_argument(ctx));
        let values: Vec<Argument<'ctx>> = values.collect::<Result<_>>()?;
        let handles: Vec<HPy> = first
            .into_iter()
            .chain(values.iter().map(Argument::as_raw))
            .collect();
        body(&handles)
    }
}

impl<'a, 'ctx, V> CallArgs<'ctx> for &'a [V]
where
    &'a V: IntoHandle<'ctx>,
{
    fn with_optional<R>(
        self,
        ctx: Context<'ctx>,
        first: Option<HPy>,
        body: impl FnOnce(&[HPy]) -> Result<R>,
    ) -> Result<R> {
        self.iter()
            .collect::<Vec<_>>()
            .with_optional(ctx, first, body)
    }
}

impl<'ctx> CallArgs<'ctx> for &Handle<'ctx, Tuple> {
    fn with_optional<R>(
        self,
        ctx: Context<'ctx>,
        first: Option<HPy>,
        body: impl FnOnce(&[HPy]) -> Result<R>,
    ) -> Result<R> {
        self.items()
            .collect::<Vec<_>>()
            .with_optional(ctx, first, body)
    }
}

/// Keyword arguments: `()` for none, an array or slice of pairs, a Python dict.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be the keyword arguments of a Python call",
    label = "not keyword arguments",
    note = "write `[(\"name\", value)]`, `&dict`, or `()` for none"
)]
pub trait CallKeywords<'ctx> {
    /// Names and values.
    #[doc(hidden)]
    fn into_pairs(self, ctx: Context<'ctx>) -> Result<Vec<Pair<'ctx>>>;
}

type Pair<'ctx> = (Handle<'ctx, Str>, Handle<'ctx>);

impl<'ctx> CallKeywords<'ctx> for () {
    fn into_pairs(self, _: Context<'ctx>) -> Result<Vec<Pair<'ctx>>> {
        Ok(Vec::new())
    }
}

impl<'ctx, V: IntoHandle<'ctx>, const N: usize> CallKeywords<'ctx> for [(&str, V); N] {
    fn into_pairs(self, ctx: Context<'ctx>) -> Result<Vec<Pair<'ctx>>> {
        self.into_iter()
            .map(|(name, value)| Ok((ctx.str(name)?, value.into_handle(ctx)?)))
            .collect()
    }
}

impl<'ctx, V: IntoHandle<'ctx>> CallKeywords<'ctx> for Vec<(&str, V)> {
    fn into_pairs(self, ctx: Context<'ctx>) -> Result<Vec<Pair<'ctx>>> {
        self.into_iter()
            .map(|(name, value)| Ok((ctx.str(name)?, value.into_handle(ctx)?)))
            .collect()
    }
}

impl<'ctx> CallKeywords<'ctx> for &Handle<'ctx, Dict> {
    fn into_pairs(self, _: Context<'ctx>) -> Result<Vec<Pair<'ctx>>> {
        self.items()?
            .into_iter()
            .map(|(name, value)| Ok((name.downcast_into::<Str>()?, value)))
            .collect()
    }
}

impl<'ctx> CallKeywords<'ctx> for Option<&Handle<'ctx, Dict>> {
    fn into_pairs(self, ctx: Context<'ctx>) -> Result<Vec<Pair<'ctx>>> {
        self.map_or(Ok(Vec::new()), |dict| dict.into_pairs(ctx))
    }
}
