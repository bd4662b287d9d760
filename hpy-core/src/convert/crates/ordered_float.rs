//! `ordered-float`: floats with an order.

use crate::exceptions::ValueError;
use crate::{Annotation, Context, FromHandle, Handle, IntoHandle, Result};
use ordered_float::{NotNan, OrderedFloat};

macro_rules! floats {
    ($($float:ident)*) => {$(
        /// As the float inside.
        impl<'a, 'ctx> FromHandle<'a, 'ctx> for OrderedFloat<$float> {
            const ANNOTATION: Annotation = <$float as FromHandle<'a, 'ctx>>::ANNOTATION;
            const NESTS: bool = false;

            #[inline]
            fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
                $float::from_handle(handle).map(OrderedFloat)
            }
        }

        /// As the float inside. ValueError for NaN.
        impl<'a, 'ctx> FromHandle<'a, 'ctx> for NotNan<$float> {
            const ANNOTATION: Annotation = <$float as FromHandle<'a, 'ctx>>::ANNOTATION;
            const NESTS: bool = false;

            #[inline]
            fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
                NotNan::new($float::from_handle(handle)?)
                    .map_err(|_| ValueError::new("must be a number, not NaN"))
            }
        }

        floats! { @into $float, OrderedFloat NotNan }
    )*};
    (@into $float:ident, $($wrapper:ident)*) => {$(
        /// As the float inside.
        impl<'ctx> IntoHandle<'ctx> for $wrapper<$float> {
            const ANNOTATION: Annotation = <$float as IntoHandle<'ctx>>::ANNOTATION;
            const NESTS: bool = false;

            #[inline]
            fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
                self.into_inner().into_handle(ctx)
            }
        }
    )*};
}

floats! { f32 f64 }
