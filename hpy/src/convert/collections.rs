//! `Vec`, maps and sets.

use super::Byte;
use crate::exceptions::TypeError;
use crate::types::{Dict, List, Str, Tuple, TypeObject};
use crate::{Context, Error, FromHandle, Handle, IntoHandle, Result};
use hpy_sys::*;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::hash::{BuildHasher, Hash};

/// How much is reserved on the word of a Python object: `__len__` may answer anything.
const TRUSTED_LEN: usize = 4096;

/// From anything that can be iterated, except str; of `u8` also from bytes, bytearray and memoryview.
impl<'a, 'ctx, T> FromHandle<'a, 'ctx> for Vec<T>
where
    T: for<'b> FromHandle<'b, 'ctx>,
{
    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        if let Some(bytes) = T::vec_from_bytes(handle) {
            return bytes;
        }
        // A subclass may iterate in its own way, and is then asked, as Python's `list()` asks it.
        if let Some(list) = exactly::<List>(handle) {
            return collect(list.len(), list.items().map(Ok));
        }
        if let Some(tuple) = exactly::<Tuple>(handle) {
            return collect(tuple.len(), tuple.items().map(Ok));
        }
        if handle.is_a::<Str>() {
            return Err(TypeError::new("must be a sequence, not str"));
        }
        let len = handle.length().unwrap_or(0);
        collect(len, handle.iter()?)
    }
}

/// The object as a `T`, if its type is that and no subclass.
fn exactly<'a, 'ctx, T: TypeObject>(handle: &'a Handle<'ctx>) -> Option<&'a Handle<'ctx, T>> {
    let handle = handle.downcast::<T>().ok()?;
    let type_ = T::type_object(handle.ctx());
    handle.as_object().type_().is(&type_).then_some(handle)
}

fn collect<'ctx, T>(len: usize, items: impl Iterator<Item = Result<Handle<'ctx>>>) -> Result<Vec<T>>
where
    T: for<'b> FromHandle<'b, 'ctx>,
{
    let mut values = Vec::new();
    values.try_reserve(len.min(TRUSTED_LEN))?;
    for item in items {
        if values.len() == values.capacity() {
            values.try_reserve(1)?;
        }
        values.push(T::from_handle(&item?)?);
    }
    Ok(values)
}

/// A list; of `u8` bytes.
impl<'ctx, T: IntoHandle<'ctx>> IntoHandle<'ctx> for Vec<T> {
    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        if T::IS_BYTE == Byte::Yes && size_of::<T>() == 1 {
            // SAFETY: only `u8` and `&u8` say so, and of these only `u8` has one byte.
            let bytes = unsafe { core::slice::from_raw_parts(self.as_ptr().cast(), self.len()) };
            return ctx.bytes(bytes).map(Handle::into_object);
        }
        list(ctx, self)
    }
}

/// A list; of `u8` bytes.
impl<'a, 'ctx, T> IntoHandle<'ctx> for &'a [T]
where
    &'a T: IntoHandle<'ctx>,
{
    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        if <&T>::IS_BYTE == Byte::Yes {
            // SAFETY: of references only `&u8` says so.
            let bytes = unsafe { core::slice::from_raw_parts(self.as_ptr().cast(), self.len()) };
            return ctx.bytes(bytes).map(Handle::into_object);
        }
        list(ctx, self)
    }
}

impl<'a, 'ctx, T> IntoHandle<'ctx> for &'a Vec<T>
where
    &'a T: IntoHandle<'ctx>,
{
    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        self.as_slice().into_handle(ctx)
    }
}

impl<'a, 'ctx, T, const N: usize> IntoHandle<'ctx> for &'a [T; N]
where
    &'a T: IntoHandle<'ctx>,
{
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
    let items = values.into_iter().map(|value| value.into_handle(ctx));
    let items: Vec<Handle<'ctx>> = items.collect::<Result<_>>()?;
    // SAFETY: the builder is filled up to its size and used up by the building.
    unsafe {
        let builder = HPyListBuilder_New(ctx.as_ptr(), items.len() as HPy_ssize_t);
        if builder.is_null() {
            return Err(Error::take(ctx).unwrap_or_else(|| crate::exceptions::MemoryError::new("")));
        }
        for (index, item) in items.iter().enumerate() {
            HPyListBuilder_Set(ctx.as_ptr(), builder, index as HPy_ssize_t, item.as_raw());
        }
        ctx.handle_from_raw(HPyListBuilder_Build(ctx.as_ptr(), builder))
    }
}

/// The pairs of a dict or of any object with `keys()`.
fn pairs<'ctx, K, V>(handle: &Handle<'ctx>, mut insert: impl FnMut(K, V)) -> Result<()>
where
    K: for<'b> FromHandle<'b, 'ctx>,
    V: for<'b> FromHandle<'b, 'ctx>,
{
    let mut add = |key: &Handle<'ctx>, value: &Handle<'ctx>| -> Result<()> {
        insert(K::from_handle(key)?, V::from_handle(value)?);
        Ok(())
    };
    // As above; there is no constant for the type everywhere.
    if let Ok(dict) = handle.downcast::<Dict>()
        && handle.type_().is(&handle.ctx().dict()?.as_object().type_())
    {
        for (key, value) in dict.items()? {
            add(&key, &value)?;
        }
        return Ok(());
    }
    if !handle.hasattr("keys")? {
        return Err(handle.wrong_type("dict"));
    }
    for key in handle.call_method0("keys")?.iter()? {
        let key = key?;
        add(&key, &handle.get_item(&key)?)?;
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
    let dict = ctx.dict()?;
    for (key, value) in pairs {
        dict.set_item(key, value)?;
    }
    Ok(dict.into_object())
}

impl<'ctx, K: IntoHandle<'ctx>, V: IntoHandle<'ctx>, S> IntoHandle<'ctx> for HashMap<K, V, S> {
    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        dict(ctx, self)
    }
}

impl<'a, 'ctx, K, V, S> IntoHandle<'ctx> for &'a HashMap<K, V, S>
where
    &'a K: IntoHandle<'ctx>,
    &'a V: IntoHandle<'ctx>,
{
    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        dict(ctx, self)
    }
}

impl<'ctx, K: IntoHandle<'ctx>, V: IntoHandle<'ctx>> IntoHandle<'ctx> for BTreeMap<K, V> {
    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        dict(ctx, self)
    }
}

impl<'a, 'ctx, K, V> IntoHandle<'ctx> for &'a BTreeMap<K, V>
where
    &'a K: IntoHandle<'ctx>,
    &'a V: IntoHandle<'ctx>,
{
    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        dict(ctx, self)
    }
}

/// The items of a set or frozenset.
fn members<'ctx, T>(handle: &Handle<'ctx>) -> Result<Vec<T>>
where
    T: for<'b> FromHandle<'b, 'ctx>,
{
    let builtins = handle.ctx().builtins();
    let is_a = |name: &str| {
        let type_ = builtins.get_item(name)?;
        Ok::<bool, Error>(
            type_
                .downcast()
                .is_ok_and(|type_| handle.is_instance(type_)),
        )
    };
    if !is_a("set")? && !is_a("frozenset")? {
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
    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        members(handle).map(|items| items.into_iter().collect())
    }
}

/// From a set or frozenset.
impl<'a, 'ctx, T> FromHandle<'a, 'ctx> for BTreeSet<T>
where
    T: for<'b> FromHandle<'b, 'ctx> + Ord,
{
    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        members(handle).map(|items| items.into_iter().collect())
    }
}

fn set<'ctx, I>(ctx: Context<'ctx>, values: I) -> Result<Handle<'ctx>>
where
    I: IntoIterator,
    I::Item: IntoHandle<'ctx>,
{
    ctx.builtins().get_item("set")?.call1((list(ctx, values)?,))
}

impl<'ctx, T: IntoHandle<'ctx>, S> IntoHandle<'ctx> for HashSet<T, S> {
    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        set(ctx, self)
    }
}

impl<'ctx, T: IntoHandle<'ctx>> IntoHandle<'ctx> for BTreeSet<T> {
    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        set(ctx, self)
    }
}
