//! `num-rational`: exact fractions.

use crate::exceptions::ValueError;
use crate::types::{Fraction, Int};
use crate::{Annotation, Context, FromHandle, Handle, IntoHandle, Result};
use num_rational::Ratio;

const TAKEN: Annotation = Annotation::union(&[
    Annotation::name("fractions.Fraction"),
    Annotation::name("int"),
]);

macro_rules! ratios {
    ($($int:ty)*) => {$(
        /// From a `fractions.Fraction` or an int.
        impl<'a, 'ctx> FromHandle<'a, 'ctx> for Ratio<$int> {
            const ANNOTATION: Annotation = TAKEN;
            const NESTS: bool = false;

            fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
                if handle.is_instance_of::<Int>() {
                    return handle.extract().map(Ratio::from_integer);
                }
                let fraction = handle.downcast::<Fraction>()?;
                let denominator: $int = fraction.denominator()?.extract()?;
                // A subclass may say anything.
                if denominator <= <$int>::default() {
                    return Err(ValueError::new("the denominator must be positive"));
                }
                Ok(Ratio::new(fraction.numerator()?.extract()?, denominator))
            }
        }

        /// A `fractions.Fraction`.
        impl<'ctx> IntoHandle<'ctx> for Ratio<$int> {
            const ANNOTATION: Annotation = Annotation::name("fractions.Fraction");
            const NESTS: bool = false;

            fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
                let (numerator, denominator) = self.into_raw();
                ctx.fraction(numerator, denominator).map(Handle::into_object)
            }
        }
    )*};
}

ratios! { i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize }

#[cfg(feature = "num-bigint")]
ratios! { num_bigint::BigInt num_bigint::BigUint }
