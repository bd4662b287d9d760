//! `indexmap`: dicts, whose order is kept both ways.

use crate::convert::std::collections::{dicts, maps};
use core::hash::{BuildHasher, Hash};
use indexmap::IndexMap;

maps! {
    [S: BuildHasher, Default] [Eq, Hash] IndexMap<K, V, S>;
}

dicts! {
    ['ctx, K, V, S] IndexMap<K, V, S>: K, V;
    ['a, 'ctx, K, V, S] &'a IndexMap<K, V, S>: &'a K, &'a V;
}
