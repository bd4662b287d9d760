//! `rust_decimal`: decimal numbers of 96 bits.

use super::decimal;
use crate::{Annotation, Context, FromHandle, Handle, IntoHandle, Result};
use rust_decimal::Decimal;

/// From a `decimal.Decimal` or an int. A number with more digits than the type has is refused, not
/// rounded.
impl<'a, 'ctx> FromHandle<'a, 'ctx> for Decimal {
    const ANNOTATION: Annotation =
        Annotation::union(&[Annotation::name("decimal.Decimal"), Annotation::name("int")]);
    const NESTS: bool = false;

    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        let text = decimal::text(handle)?;
        let exact = match text.contains(['E', 'e']) {
            false => Decimal::from_str_exact(&text).ok(),
            true => with_exponent(&text),
        };
        exact.ok_or_else(|| decimal::refused(&text, "rust_decimal"))
    }
}

/// `1.5E+3`, without rounding.
fn with_exponent(text: &str) -> Option<Decimal> {
    let (digits, exponent) = text.split_once(['E', 'e'])?;
    let digits = Decimal::from_str_exact(digits).ok()?;
    let exponent: i32 = exponent.parse().ok()?;
    let scale = i32::try_from(digits.scale()).ok()?.checked_sub(exponent)?;
    let mut mantissa = digits.mantissa();
    let scale = match u32::try_from(scale) {
        Ok(scale) => scale,
        Err(_) => {
            mantissa = 10i128
                .checked_pow(scale.unsigned_abs())?
                .checked_mul(mantissa)?;
            0
        }
    };
    Decimal::try_from_i128_with_scale(mantissa, scale).ok()
}

/// A `decimal.Decimal` with the same digits, zeros at the end among them.
impl<'ctx> IntoHandle<'ctx> for Decimal {
    const ANNOTATION: Annotation = Annotation::name("decimal.Decimal");
    const NESTS: bool = false;

    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        ctx.decimal(self.to_string()).map(Handle::into_object)
    }
}
