//! `bigdecimal`: decimal numbers of any size.

use super::decimal;
use crate::{Annotation, Context, FromHandle, Handle, IntoHandle, Result};
use bigdecimal::BigDecimal;

/// From a `decimal.Decimal` or an int.
impl<'a, 'ctx> FromHandle<'a, 'ctx> for BigDecimal {
    const ANNOTATION: Annotation =
        Annotation::union(&[Annotation::name("decimal.Decimal"), Annotation::name("int")]);
    const NESTS: bool = false;

    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        let text = decimal::text(handle)?;
        text.parse()
            .map_err(|_| decimal::refused(&text, "bigdecimal"))
    }
}

/// A `decimal.Decimal` with the same digits and exponent.
impl<'ctx> IntoHandle<'ctx> for &BigDecimal {
    const ANNOTATION: Annotation = Annotation::name("decimal.Decimal");
    const NESTS: bool = false;

    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        let (digits, scale) = self.as_bigint_and_exponent();
        // Of the least i64 there is no opposite in it.
        let exponent = -i128::from(scale);
        ctx.decimal(format!("{digits}E{exponent}"))
            .map(Handle::into_object)
    }
}

/// A `decimal.Decimal` with the same digits and exponent.
impl<'ctx> IntoHandle<'ctx> for BigDecimal {
    const ANNOTATION: Annotation = Annotation::name("decimal.Decimal");
    const NESTS: bool = false;

    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        (&self).into_handle(ctx)
    }
}
