//! What is another conversion, and a little more: `NonZero`, `Saturating`, `Wrapping`, `VecDeque`,
//! `Box<[T]>`, references to sets.

use super::collections::set;
use crate::exceptions::ValueError;
use crate::{Context, FromHandle, Handle, IntoHandle, Result};
use core::num::{NonZero, Saturating, Wrapping};
use std::collections::{BTreeSet, HashSet, VecDeque};

macro_rules! non_zero {
    ($($int:ident)*) => {
        $(
            /// From any int but zero.
            impl<'a, 'ctx> FromHandle<'a, 'ctx> for NonZero<$int> {
                const ANNOTATION: crate::Annotation = crate::Annotation::name("int");

                #[inline]
                fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
                    NonZero::new(<$int>::from_handle(handle)?).ok_or_else(zero)
                }
            }

            impl<'ctx> IntoHandle<'ctx> for NonZero<$int> {
                const ANNOTATION: crate::Annotation = crate::Annotation::name("int");

                #[inline]
                fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
                    self.get().into_handle(ctx)
                }
            }
        )*
    };
}

non_zero! { i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize }

#[cold]
fn zero() -> crate::Error {
    ValueError::new("must not be zero")
}

macro_rules! arithmetic {
    ($wrapper:ident: $($int:ident)*) => {
        $(
            /// As the integer inside. What does not fit is neither saturated nor wrapped.
            impl<'a, 'ctx> FromHandle<'a, 'ctx> for $wrapper<$int> {
                const ANNOTATION: crate::Annotation =
                    <$int as crate::FromHandle<'a, 'ctx>>::ANNOTATION;

                #[inline]
                fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
                    <$int>::from_handle(handle).map($wrapper)
                }
            }

            /// As the integer inside.
            impl<'ctx> IntoHandle<'ctx> for $wrapper<$int> {
                const ANNOTATION: crate::Annotation = <$int as crate::IntoHandle<'ctx>>::ANNOTATION;

                #[inline]
                fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
                    self.0.into_handle(ctx)
                }
            }
        )*
    };
}

arithmetic! { Saturating: i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize }
arithmetic! { Wrapping: i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize }

/// As a `Vec`.
impl<'a, 'ctx, T> FromHandle<'a, 'ctx> for VecDeque<T>
where
    T: for<'b> FromHandle<'b, 'ctx>,
{
    const ANNOTATION: crate::Annotation = <Vec<T> as crate::FromHandle<'ctx, 'ctx>>::ANNOTATION;

    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        Vec::from_handle(handle).map(VecDeque::from)
    }
}

/// As a `Vec`.
impl<'ctx, T: IntoHandle<'ctx>> IntoHandle<'ctx> for VecDeque<T> {
    const ANNOTATION: crate::Annotation = <T as crate::IntoHandle<'ctx>>::LIST_ANNOTATION;

    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        Vec::from(self).into_handle(ctx)
    }
}

/// As a `Vec`.
impl<'a, 'ctx, T> FromHandle<'a, 'ctx> for Box<[T]>
where
    T: for<'b> FromHandle<'b, 'ctx>,
{
    const ANNOTATION: crate::Annotation = <Vec<T> as crate::FromHandle<'ctx, 'ctx>>::ANNOTATION;

    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        Vec::from_handle(handle).map(Vec::into_boxed_slice)
    }
}

/// As a `Vec`.
impl<'ctx, T: IntoHandle<'ctx>> IntoHandle<'ctx> for Box<[T]> {
    const ANNOTATION: crate::Annotation = <T as crate::IntoHandle<'ctx>>::LIST_ANNOTATION;

    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        self.into_vec().into_handle(ctx)
    }
}

impl<'a, 'ctx, T, S> IntoHandle<'ctx> for &'a HashSet<T, S>
where
    &'a T: IntoHandle<'ctx>,
{
    const ANNOTATION: crate::Annotation =
        crate::Annotation::generic("set", &[<&'a T as crate::IntoHandle<'ctx>>::ANNOTATION]);

    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        set(ctx, self)
    }
}

impl<'a, 'ctx, T> IntoHandle<'ctx> for &'a BTreeSet<T>
where
    &'a T: IntoHandle<'ctx>,
{
    const ANNOTATION: crate::Annotation =
        crate::Annotation::generic("set", &[<&'a T as crate::IntoHandle<'ctx>>::ANNOTATION]);

    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        set(ctx, self)
    }
}
