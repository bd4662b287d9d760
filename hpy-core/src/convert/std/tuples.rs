//! Rust's tuples and arrays.

use crate::exceptions::{Exception, ValueError};
use crate::stack::Level;
use crate::types::{Str, Tuple};
use crate::{CallArgs, Context, FromHandle, Handle, IntoHandle, Result};

macro_rules! tuples {
    ($($len:literal: $(($index:tt $item:ident))+;)*) => {
        $(
            impl<'a, 'ctx, $($item),+> FromHandle<'a, 'ctx> for ($($item,)+)
            where
                $($item: for<'b> FromHandle<'b, 'ctx>,)+
            {
                const ANNOTATION: crate::Annotation = crate::Annotation::generic(
                    "tuple",
                    &[$(<$item as crate::FromHandle<'ctx, 'ctx>>::ANNOTATION),+],
                );

                fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
                    let tuple = handle.downcast::<Tuple>()?;
                    if tuple.len() != $len {
                        return Err(wrong_length($len, tuple.len()));
                    }
                    Ok(($(item::<$item>(tuple, $index)?,)+))
                }
            }

            impl<'ctx, $($item: IntoHandle<'ctx>),+> IntoHandle<'ctx> for ($($item,)+) {
                const ANNOTATION: crate::Annotation = crate::Annotation::generic(
                    "tuple",
                    &[$(<$item as crate::IntoHandle<'ctx>>::ANNOTATION),+],
                );

                fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
                    ctx.tuple(self).map(Handle::into_object)
                }
            }
        )*
    };
}

tuples! {
    1: (0 A);
    2: (0 A) (1 B);
    3: (0 A) (1 B) (2 C);
    4: (0 A) (1 B) (2 C) (3 D);
    5: (0 A) (1 B) (2 C) (3 D) (4 E);
    6: (0 A) (1 B) (2 C) (3 D) (4 E) (5 F);
    7: (0 A) (1 B) (2 C) (3 D) (4 E) (5 F) (6 G);
    8: (0 A) (1 B) (2 C) (3 D) (4 E) (5 F) (6 G) (7 H);
    9: (0 A) (1 B) (2 C) (3 D) (4 E) (5 F) (6 G) (7 H) (8 I);
    10: (0 A) (1 B) (2 C) (3 D) (4 E) (5 F) (6 G) (7 H) (8 I) (9 J);
    11: (0 A) (1 B) (2 C) (3 D) (4 E) (5 F) (6 G) (7 H) (8 I) (9 J) (10 K);
    12: (0 A) (1 B) (2 C) (3 D) (4 E) (5 F) (6 G) (7 H) (8 I) (9 J) (10 K) (11 L);
}

fn item<'ctx, T: for<'b> FromHandle<'b, 'ctx>>(
    tuple: &Handle<'ctx, Tuple>,
    index: usize,
) -> Result<T> {
    match tuple.get(index) {
        Some(item) => T::from_handle(&item),
        None => Err(wrong_length(index + 1, index)),
    }
}

#[cold]
#[inline(never)]
#[allow(improper_ctypes_definitions)] // so it is known not to unwind
extern "C" fn wrong_length(expected: usize, found: usize) -> crate::Error {
    ValueError::new(format!("expected {expected} items, got {found}"))
}

/// The first items of what has no length, and may have no end.
fn at_most<'ctx, T>(handle: &Handle<'ctx>, most: usize) -> Result<Vec<T>>
where
    T: for<'b> FromHandle<'b, 'ctx>,
{
    let _level = Level::if_nested(T::NESTS)?;
    let convert = |(index, item): (usize, Result<Handle<'ctx>>)| {
        let item = item?;
        T::from_handle(&item).map_err(|error| error.in_item(item.ctx(), index))
    };
    handle.iter()?.take(most).enumerate().map(convert).collect()
}

/// From anything that can be iterated, except str.
impl<'a, 'ctx, T, const N: usize> FromHandle<'a, 'ctx> for [T; N]
where
    T: for<'b> FromHandle<'b, 'ctx>,
{
    const ANNOTATION: crate::Annotation = <Vec<T> as crate::FromHandle<'ctx, 'ctx>>::ANNOTATION;

    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        let items = match handle.length() {
            // Told before anything is converted: there may be far more.
            Ok(len) if len != N && !handle.is_instance_of::<Str>() => {
                return Err(wrong_length(N, len));
            }
            Err(error) if error.is_instance_of::<Exception>(handle.ctx()) => {
                at_most(handle, N + 1)?
            }
            Err(error) => return Err(error),
            Ok(_) => Vec::<T>::from_handle(handle)?,
        };
        items
            .try_into()
            .map_err(|items: Vec<T>| wrong_length(N, items.len()))
    }
}

/// A list; of `u8` bytes.
impl<'ctx, T: IntoHandle<'ctx>, const N: usize> IntoHandle<'ctx> for [T; N] {
    const ANNOTATION: crate::Annotation = <T as crate::IntoHandle<'ctx>>::LIST_ANNOTATION;

    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        Vec::from(self).into_handle(ctx)
    }
}

const _: fn() = || {
    fn arguments<'ctx, A: CallArgs<'ctx>>() {}
    arguments::<(i32, &str)>();
};
