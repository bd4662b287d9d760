//! `Vec`, maps and sets.

use crate::convert::NumbersIn;
use crate::exceptions::{Exception, TypeError};
use crate::stack::Level;
use crate::types::downcast::exactly;
use crate::types::{Dict, FrozenSet, List, Set, Str, Tuple, TypeObject};
use crate::{Context, FromHandle, Handle, IntoHandle, Result};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::hash::{BuildHasher, Hash};

/// How much is reserved on the word of a Python object: `__len__` may answer anything.
const TRUSTED_LEN: usize = 4096;

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
        // A subclass may iterate in its own way, and is then asked, as Python's `list()` asks it.
        if let Some(list) = exactly::<List>(handle) {
            let again = |index| held_back(handle, index, list.len());
            return collect(list.len(), given(|index| list.get(index), again));
        }
        if let Some(tuple) = exactly::<Tuple>(handle) {
            let again = |index| held_back(handle, index, tuple.len());
            return collect(tuple.len(), given(|index| tuple.get(index), again));
        }
        if handle.is_instance_of::<Str>() {
            return Err(TypeError::new("must be a sequence, not str"));
        }
        let len = match handle.length() {
            Ok(len) => len,
            // The length is only a help. What is no `Exception`, as KeyboardInterrupt, is not for
            // us to drop.
            Err(error) if error.is_instance_of::<Exception>(handle.ctx()) => 0,
            Err(error) => return Err(error),
        };
        collect(len, handle.iter()?)
    }
}

/// What `get` gives for 0, 1, …, or `again` where that is nothing.
#[inline]
fn given<'ctx>(
    get: impl Fn(usize) -> Option<Handle<'ctx>>,
    again: impl Fn(usize) -> Option<Result<Handle<'ctx>>>,
) -> impl Iterator<Item = Result<Handle<'ctx>>> {
    let mut next = 0;
    core::iter::from_fn(move || {
        let item = match get(next) {
            Some(item) => Ok(item),
            None => again(next)?,
        };
        next += 1;
        Some(item)
    })
}

/// An item before the end that could not be had: PyPy 8 makes tuples anew for C, with all that is
/// in them, and fails at one that is nested too deep, or at a subclass whose `__iter__` raises. The
/// second time it says why, or has it.
#[cold]
#[inline(never)]
pub(crate) fn held_back<'ctx>(
    sequence: &Handle<'ctx>,
    index: usize,
    len: usize,
) -> Option<Result<Handle<'ctx>>> {
    let ctx = sequence.ctx();
    let may_be = index < len && ctx.raw.is_direct() && ctx.is_on_pypy();
    may_be.then(|| sequence.get_item(index))
}

fn collect<'ctx, T>(len: usize, items: impl Iterator<Item = Result<Handle<'ctx>>>) -> Result<Vec<T>>
where
    T: for<'b> FromHandle<'b, 'ctx>,
{
    // The items may convert to lists in turn, and so on: by hand, too.
    let _level = Level::if_nested(T::NESTS)?;
    let mut values = Vec::new();
    values.try_reserve(len.min(TRUSTED_LEN))?;
    for item in items {
        if values.len() == values.capacity() {
            values.try_reserve(1)?;
        }
        let item = item?;
        let value =
            T::from_handle(&item).map_err(|error| error.in_item(item.ctx(), values.len()))?;
        values.push(value);
    }
    Ok(values)
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
    let items = values.into_iter().map(|value| value.into_handle(ctx));
    crate::backend::list_of(ctx, collected(items)?)
}

/// As `collect`, but a MemoryError where that ends the process.
fn collected<T>(values: impl Iterator<Item = Result<T>>) -> Result<Vec<T>> {
    let mut items = Vec::new();
    // What an iterator says of its length may be wrong, either way.
    items.try_reserve(values.size_hint().0.min(CAP))?;
    for value in values {
        let value = value?;
        items.try_reserve(1)?;
        items.push(value);
    }
    Ok(items)
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
    let mut add = |key: &Handle<'ctx>, value: &Handle<'ctx>| -> Result<()> {
        insert(K::from_handle(key)?, V::from_handle(value)?);
        Ok(())
    };
    // As above; there is no constant for the type everywhere.
    if handle.is_instance_of::<Dict>()
        && let Ok(dict) = handle.downcast::<Dict>()
        && handle.type_().is(&handle.ctx().dict()?.as_object().type_())
    {
        for (key, value) in dict.items()? {
            add(&key, &value)?;
        }
        return Ok(());
    }
    let Some(keys) = handle.getattr_opt(c"keys")? else {
        return Err(handle.wrong_type("dict"));
    };
    for key in keys.call0()?.iter()? {
        let key = key?;
        let value = handle.get_item(&key)?;
        add(&key, &value)?;
    }
    Ok(())
}

/// From a dict, or any mapping with `keys()`.
impl<'a, 'ctx, K, V, S> FromHandle<'a, 'ctx> for HashMap<K, V, S>
where
    K: for<'b> FromHandle<'b, 'ctx> + Eq + Hash,
    V: for<'b> FromHandle<'b, 'ctx>,
    S: BuildHasher + Default,
{
    const ANNOTATION: crate::Annotation = crate::Annotation::generic(
        "collections.abc.Mapping",
        &[
            <K as crate::FromHandle<'ctx, 'ctx>>::ANNOTATION,
            <V as crate::FromHandle<'ctx, 'ctx>>::ANNOTATION,
        ],
    );

    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        let mut map = HashMap::default();
        pairs(handle, |key, value| drop(map.insert(key, value)))?;
        Ok(map)
    }
}

/// From a dict, or any mapping with `keys()`.
impl<'a, 'ctx, K, V> FromHandle<'a, 'ctx> for BTreeMap<K, V>
where
    K: for<'b> FromHandle<'b, 'ctx> + Ord,
    V: for<'b> FromHandle<'b, 'ctx>,
{
    const ANNOTATION: crate::Annotation = crate::Annotation::generic(
        "collections.abc.Mapping",
        &[
            <K as crate::FromHandle<'ctx, 'ctx>>::ANNOTATION,
            <V as crate::FromHandle<'ctx, 'ctx>>::ANNOTATION,
        ],
    );

    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        let mut map = BTreeMap::new();
        pairs(handle, |key, value| drop(map.insert(key, value)))?;
        Ok(map)
    }
}

fn dict<'ctx, K: IntoHandle<'ctx>, V: IntoHandle<'ctx>>(
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
        impl<$($param)*> IntoHandle<'ctx> for $map
        where
            $key: IntoHandle<'ctx>,
            $value: IntoHandle<'ctx>,
        {
            const ANNOTATION: crate::Annotation = crate::Annotation::generic(
                "dict",
                &[
                    <$key as crate::IntoHandle<'ctx>>::ANNOTATION,
                    <$value as crate::IntoHandle<'ctx>>::ANNOTATION,
                ],
            );

            fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
                dict(ctx, self)
            }
        }
    )*};
}

dicts! {
    ['ctx, K, V, S] HashMap<K, V, S>: K, V;
    ['a, 'ctx, K, V, S] &'a HashMap<K, V, S>: &'a K, &'a V;
    ['ctx, K, V] BTreeMap<K, V>: K, V;
    ['a, 'ctx, K, V] &'a BTreeMap<K, V>: &'a K, &'a V;
}

/// The items of a set or frozenset.
fn members<'ctx, T>(handle: &Handle<'ctx>) -> Result<Vec<T>>
where
    T: for<'b> FromHandle<'b, 'ctx>,
{
    if !handle.is_instance_of::<Set>() && !handle.is_instance_of::<FrozenSet>() {
        return Err(handle.wrong_type("set"));
    }
    collect(handle.length()?, handle.iter()?)
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
