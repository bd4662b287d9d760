//! `hashbrown`: maps and sets, as those of the standard library.

use crate::convert::std::collections::{dicts, maps, members, set};
use crate::{Context, FromHandle, Handle, IntoHandle, Result};
use core::hash::{BuildHasher, Hash};
use hashbrown::{HashMap, HashSet};

maps! {
    [S: BuildHasher, Default] [Eq, Hash] HashMap<K, V, S>;
}

dicts! {
    ['ctx, K, V, S] HashMap<K, V, S>: K, V;
    ['a, 'ctx, K, V, S] &'a HashMap<K, V, S>: &'a K, &'a V;
}

/// From a set or frozenset.
impl<'a, 'ctx, T, S> FromHandle<'a, 'ctx> for HashSet<T, S>
where
    T: for<'b> FromHandle<'b, 'ctx> + Eq + Hash,
    S: BuildHasher + Default,
{
    const ANNOTATION: crate::Annotation =
        <std::collections::HashSet<T> as FromHandle<'a, 'ctx>>::ANNOTATION;

    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        members(handle).map(|items| items.into_iter().collect())
    }
}

/// A set.
impl<'ctx, T: IntoHandle<'ctx>, S> IntoHandle<'ctx> for HashSet<T, S> {
    const ANNOTATION: crate::Annotation =
        crate::Annotation::generic("set", &[<T as crate::IntoHandle<'ctx>>::ANNOTATION]);

    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        set(ctx, self)
    }
}

/// A set.
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
