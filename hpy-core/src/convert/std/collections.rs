//! `Vec`, maps and sets.

use super::sources::{Items, Pairs};
use crate::convert::NumbersIn;
use crate::stack::Level;
use crate::types::{FrozenSet, List, Set, TypeObject};
use crate::{Context, FromHandle, Handle, IntoHandle, Result};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::hash::{BuildHasher, Hash};

/// From anything that can be iterated, except str; of `u8` also from bytes, bytearray and
/// memoryview.
impl<'a, 'ctx, T> FromHandle<'a, 'ctx> for Vec<T>
where
    T: for<'b> FromHandle<'b, 'ctx>,
{
    const ANNOTATION: crate::Annotation = crate::Annotation::generic(
        "collections.abc.Iterable",
        &[<T as crate::FromHandle<'ctx, 'ctx>>::ANNOTATION],
    );

    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        if let Some(numbers) = T::vec_of(handle) {
            return numbers;
        }
        collect(Items::of(handle)?)
    }
}

fn collect<'ctx, T>(mut items: Items<'_, 'ctx>) -> Result<Vec<T>>
where
    T: for<'b> FromHandle<'b, 'ctx>,
{
    // The items may convert to lists in turn, and so on: by hand, too.
    let _level = Level::if_nested(T::NESTS)?;
    let mut values = Vec::new();
    reserve(&mut values, items.trusted_len())?;
    while let Some(item) = items.next() {
        let item = item?;
        match T::from_handle(&item) {
            Ok(value) => {
                reserve(&mut values, 1)?;
                values.push(value);
            }
            Err(error) => return Err(items.error(error, &item)),
        }
    }
    Ok(values)
}

/// Makes room, or a MemoryError where that would end the process.
#[inline]
fn reserve<T>(values: &mut Vec<T>, more: usize) -> Result<()> {
    if values.capacity() - values.len() < more {
        values.try_reserve(more)?;
    }
    Ok(())
}

/// A list; of `u8` bytes.
impl<'ctx, T: IntoHandle<'ctx>> IntoHandle<'ctx> for Vec<T> {
    const ANNOTATION: crate::Annotation = <T as crate::IntoHandle<'ctx>>::LIST_ANNOTATION;

    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        if let NumbersIn::Own(write) = T::NUMBERS {
            // SAFETY: only numbers say so, with the function for their slices.
            return unsafe { write(ctx, self.as_ptr().cast(), self.len()) };
        }
        list(ctx, self)
    }
}

/// A list; of `u8` bytes.
impl<'a, 'ctx, T> IntoHandle<'ctx> for &'a [T]
where
    &'a T: IntoHandle<'ctx>,
{
    const ANNOTATION: crate::Annotation = <&'a T as crate::IntoHandle<'ctx>>::LIST_ANNOTATION;

    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        if let NumbersIn::Referenced(write) = <&T>::NUMBERS {
            // SAFETY: only references to numbers say so, with the function for slices of what they
            // refer to.
            return unsafe { write(ctx, self.as_ptr().cast(), self.len()) };
        }
        list(ctx, self)
    }
}

impl<'a, 'ctx, T> IntoHandle<'ctx> for &'a Vec<T>
where
    &'a T: IntoHandle<'ctx>,
{
    const ANNOTATION: crate::Annotation = <&'a T as crate::IntoHandle<'ctx>>::LIST_ANNOTATION;

    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        self.as_slice().into_handle(ctx)
    }
}

impl<'a, 'ctx, T, const N: usize> IntoHandle<'ctx> for &'a [T; N]
where
    &'a T: IntoHandle<'ctx>,
{
    const ANNOTATION: crate::Annotation = <&'a T as crate::IntoHandle<'ctx>>::LIST_ANNOTATION;

    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        self.as_slice().into_handle(ctx)
    }
}

/// All items are converted before the list is made: nothing runs that could see it half filled.
fn list<'ctx, I>(ctx: Context<'ctx>, values: I) -> Result<Handle<'ctx>>
where
    I: IntoIterator,
    I::Item: IntoHandle<'ctx>,
{
    list_of(ctx, values).map(Handle::into_object)
}

/// As `list`.
pub(crate) fn list_of<'ctx, I>(ctx: Context<'ctx>, values: I) -> Result<Handle<'ctx, List>>
where
    I: IntoIterator,
    I::Item: IntoHandle<'ctx>,
{
    let _level = Level::if_nested(I::Item::NESTS)?;
    let values = values.into_iter();
    let mut items = Handles(Vec::new());
    // What an iterator says of its length may be wrong, either way.
    items.reserve(values.size_hint().0.min(CAP))?;
    for value in values {
        let value = value.into_handle(ctx)?;
        items.reserve(1)?;
        items.0.push(value);
    }
    crate::backend::list_of(ctx, core::mem::take(&mut items.0))
}

/// Handles for a list: room is made, and they are closed, by one function for all types.
struct Handles<'ctx>(Vec<Handle<'ctx>>);

impl Handles<'_> {
    #[inline(always)]
    fn reserve(&mut self, more: usize) -> Result<()> {
        if self.0.capacity() - self.0.len() < more {
            self.grow(more)?;
        }
        // SAFETY: there is room now. `push` has no code of its own for it then.
        unsafe { core::hint::assert_unchecked(self.0.capacity() - self.0.len() >= more) };
        Ok(())
    }

    #[cold]
    #[inline(never)]
    #[allow(improper_ctypes_definitions)] // so it is known not to unwind
    extern "C" fn grow(&mut self, more: usize) -> Result<()> {
        reserve(&mut self.0, more)
    }

    #[cold]
    #[inline(never)]
    #[allow(improper_ctypes_definitions)] // as above
    extern "C" fn close(&mut self) {
        self.0.clear();
    }
}

impl Drop for Handles<'_> {
    #[inline(always)]
    fn drop(&mut self) {
        if !self.0.is_empty() {
            self.close();
        }
    }
}

/// So many places are reserved at once on an iterator's word.
const CAP: usize = 1 << 16;

/// The pairs of a dict or of any object with `keys()`.
pub(crate) fn pairs<'ctx, K, V>(handle: &Handle<'ctx>, mut insert: impl FnMut(K, V)) -> Result<()>
where
    K: for<'b> FromHandle<'b, 'ctx>,
    V: for<'b> FromHandle<'b, 'ctx>,
{
    let _level = Level::if_nested(K::NESTS || V::NESTS)?;
    let mut pairs = Pairs::of(handle)?;
    while let Some(pair) = pairs.next() {
        let (key, value) = pair?;
        insert(K::from_handle(&key)?, V::from_handle(&value)?);
    }
    Ok(())
}

/// Maps from dicts. Before each are the bounds of its other parameter, if it has one, and those of
/// its keys.
macro_rules! maps {
    ($([$($param:ident: $bound:path $(, $bounds:path)*)?] [$($key:path),*] $map:ty;)*) => {$(
        /// From a dict, or any mapping with `keys()`.
        impl<'a, 'ctx, K, V $(, $param)?> $crate::FromHandle<'a, 'ctx> for $map
        where
            K: for<'b> $crate::FromHandle<'b, 'ctx> $(+ $key)*,
            V: for<'b> $crate::FromHandle<'b, 'ctx>,
            $($param: $bound $(+ $bounds)*,)?
        {
            const ANNOTATION: $crate::Annotation = $crate::Annotation::generic(
                "collections.abc.Mapping",
                &[
                    <K as $crate::FromHandle<'ctx, 'ctx>>::ANNOTATION,
                    <V as $crate::FromHandle<'ctx, 'ctx>>::ANNOTATION,
                ],
            );

            fn from_handle(handle: &'a $crate::Handle<'ctx>) -> $crate::Result<Self> {
                let mut map = Self::default();
                $crate::convert::std::collections::pairs(handle, |key, value| {
                    drop(map.insert(key, value))
                })?;
                Ok(map)
            }
        }
    )*};
}
#[cfg(any(feature = "hashbrown", feature = "indexmap"))]
pub(crate) use maps;

maps! {
    [S: BuildHasher, Default] [Eq, Hash] HashMap<K, V, S>;
    [] [Ord] BTreeMap<K, V>;
}

pub(crate) fn dict<'ctx, K: IntoHandle<'ctx>, V: IntoHandle<'ctx>>(
    ctx: Context<'ctx>,
    pairs: impl IntoIterator<Item = (K, V)>,
) -> Result<Handle<'ctx>> {
    let _level = Level::if_nested(K::NESTS || V::NESTS)?;
    let dict = ctx.dict()?;
    for (key, value) in pairs {
        dict.set_item(key, value)?;
    }
    Ok(dict.into_object())
}

macro_rules! dicts {
    ($([$($param:tt)*] $map:ty: $key:ty, $value:ty;)*) => {$(
        impl<$($param)*> $crate::IntoHandle<'ctx> for $map
        where
            $key: $crate::IntoHandle<'ctx>,
            $value: $crate::IntoHandle<'ctx>,
        {
            const ANNOTATION: $crate::Annotation = $crate::Annotation::generic(
                "dict",
                &[
                    <$key as $crate::IntoHandle<'ctx>>::ANNOTATION,
                    <$value as $crate::IntoHandle<'ctx>>::ANNOTATION,
                ],
            );

            fn into_handle(
                self,
                ctx: $crate::Context<'ctx>,
            ) -> $crate::Result<$crate::Handle<'ctx>> {
                $crate::convert::std::collections::dict(ctx, self)
            }
        }
    )*};
}
#[cfg(any(feature = "hashbrown", feature = "indexmap"))]
pub(crate) use dicts;

dicts! {
    ['ctx, K, V, S] HashMap<K, V, S>: K, V;
    ['a, 'ctx, K, V, S] &'a HashMap<K, V, S>: &'a K, &'a V;
    ['ctx, K, V] BTreeMap<K, V>: K, V;
    ['a, 'ctx, K, V] &'a BTreeMap<K, V>: &'a K, &'a V;
}

/// The items of a set or frozenset.
pub(crate) fn members<'ctx, T>(handle: &Handle<'ctx>) -> Result<Vec<T>>
where
    T: for<'b> FromHandle<'b, 'ctx>,
{
    if !handle.is_instance_of::<Set>() && !handle.is_instance_of::<FrozenSet>() {
        return Err(handle.wrong_type("set"));
    }
    collect(Items::iterated(handle)?)
}

/// From a set or frozenset.
impl<'a, 'ctx, T, S> FromHandle<'a, 'ctx> for HashSet<T, S>
where
    T: for<'b> FromHandle<'b, 'ctx> + Eq + Hash,
    S: BuildHasher + Default,
{
    const ANNOTATION: crate::Annotation = crate::Annotation::union(&[
        crate::Annotation::generic("set", &[<T as crate::FromHandle<'ctx, 'ctx>>::ANNOTATION]),
        crate::Annotation::generic(
            "frozenset",
            &[<T as crate::FromHandle<'ctx, 'ctx>>::ANNOTATION],
        ),
    ]);

    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        members(handle).map(|items| items.into_iter().collect())
    }
}

/// From a set or frozenset.
impl<'a, 'ctx, T> FromHandle<'a, 'ctx> for BTreeSet<T>
where
    T: for<'b> FromHandle<'b, 'ctx> + Ord,
{
    const ANNOTATION: crate::Annotation = crate::Annotation::union(&[
        crate::Annotation::generic("set", &[<T as crate::FromHandle<'ctx, 'ctx>>::ANNOTATION]),
        crate::Annotation::generic(
            "frozenset",
            &[<T as crate::FromHandle<'ctx, 'ctx>>::ANNOTATION],
        ),
    ]);

    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        members(handle).map(|items| items.into_iter().collect())
    }
}

pub(crate) fn set<'ctx, I>(ctx: Context<'ctx>, values: I) -> Result<Handle<'ctx>>
where
    I: IntoIterator,
    I::Item: IntoHandle<'ctx>,
{
    Set::type_object(ctx)?.call1((list(ctx, values)?,))
}

impl<'ctx, T: IntoHandle<'ctx>, S> IntoHandle<'ctx> for HashSet<T, S> {
    const ANNOTATION: crate::Annotation =
        crate::Annotation::generic("set", &[<T as crate::IntoHandle<'ctx>>::ANNOTATION]);

    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        set(ctx, self)
    }
}

impl<'ctx, T: IntoHandle<'ctx>> IntoHandle<'ctx> for BTreeSet<T> {
    const ANNOTATION: crate::Annotation =
        crate::Annotation::generic("set", &[<T as crate::IntoHandle<'ctx>>::ANNOTATION]);

    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        set(ctx, self)
    }
}
