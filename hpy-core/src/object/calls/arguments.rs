//! The arguments of calls that Rust makes.

use super::call_args::{CallArgs, sealed};
use crate::convert::Argument;
use crate::types::{Dict, Str, Tuple};
use crate::{Context, Handle, IntoHandle, Result};
use hpy_sys::HPy;

macro_rules! tuples {
    ($($count:literal: $($value:ident)*;)*) => {
        $(
            impl<$($value),*> sealed::Sealed for ($($value,)*) {}

            impl<'ctx, $($value: IntoHandle<'ctx>),*> CallArgs<'ctx> for ($($value,)*) {
                #[inline(always)]
                #[allow(non_snake_case, unused_variables)]
                fn with_handles<R>(
                    self,
                    ctx: Context<'ctx>,
                    body: impl FnOnce(&[HPy]) -> Result<R>,
                ) -> Result<R> {
                    let ($($value,)*) = self;
                    $(let $value = $value.into_argument(ctx)?;)*
                    body(&[$($value.as_raw()),*])
                }

                #[inline(always)]
                #[allow(non_snake_case, unused_variables)]
                fn with_handles_after<R>(
                    self,
                    ctx: Context<'ctx>,
                    first: HPy,
                    body: impl FnOnce(&[HPy]) -> Result<R>,
                ) -> Result<R> {
                    let ($($value,)*) = self;
                    $(let $value = $value.into_argument(ctx)?;)*
                    body(&[first, $($value.as_raw()),*])
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
    fn with_handles<R>(
        self,
        ctx: Context<'ctx>,
        body: impl FnOnce(&[HPy]) -> Result<R>,
    ) -> Result<R> {
        let values = converted(ctx, self)?;
        body(&values.iter().map(Argument::as_raw).collect::<Vec<_>>())
    }

    fn with_handles_after<R>(
        self,
        ctx: Context<'ctx>,
        first: HPy,
        body: impl FnOnce(&[HPy]) -> Result<R>,
    ) -> Result<R> {
        let values = converted(ctx, self)?;
        let mut handles = vec![first];
        handles.extend(values.iter().map(Argument::as_raw));
        body(&handles)
    }
}

fn converted<'ctx, V: IntoHandle<'ctx>>(
    ctx: Context<'ctx>,
    values: Vec<V>,
) -> Result<Vec<Argument<'ctx>>> {
    let values = values.into_iter().map(|value| value.into_argument(ctx));
    values.collect()
}

impl<'a, 'ctx, V> CallArgs<'ctx> for &'a [V]
where
    &'a V: IntoHandle<'ctx>,
{
    fn with_handles<R>(
        self,
        ctx: Context<'ctx>,
        body: impl FnOnce(&[HPy]) -> Result<R>,
    ) -> Result<R> {
        self.iter().collect::<Vec<_>>().with_handles(ctx, body)
    }

    fn with_handles_after<R>(
        self,
        ctx: Context<'ctx>,
        first: HPy,
        body: impl FnOnce(&[HPy]) -> Result<R>,
    ) -> Result<R> {
        let values = self.iter().collect::<Vec<_>>();
        values.with_handles_after(ctx, first, body)
    }
}

impl<'ctx> CallArgs<'ctx> for &Handle<'ctx, Tuple> {
    fn with_handles<R>(
        self,
        ctx: Context<'ctx>,
        body: impl FnOnce(&[HPy]) -> Result<R>,
    ) -> Result<R> {
        self.items().collect::<Vec<_>>().with_handles(ctx, body)
    }

    fn with_handles_after<R>(
        self,
        ctx: Context<'ctx>,
        first: HPy,
        body: impl FnOnce(&[HPy]) -> Result<R>,
    ) -> Result<R> {
        let values = self.items().collect::<Vec<_>>();
        values.with_handles_after(ctx, first, body)
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
