//! Objects that are kept: in collections, by identity, and in a map with Python's equality.

use hpy::exceptions::RuntimeError;
use hpy::prelude::*;
use hpy::{ByIdentity, Identity};
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

#[hpy_method]
pub fn twice_the_same(ctx: Context<'_>, object: Persistent) -> Result<Vec<Persistent>> {
    let again = object.dup(ctx)?;
    if object.is(ctx, &again)? {
        Ok(vec![object, again])
    } else {
        Ok(Vec::new())
    }
}

#[hpy_method]
pub fn identical(ctx: Context<'_>, a: Persistent, b: Persistent) -> Result<(bool, bool)> {
    let by_identity = ByIdentity::new(&a.get(ctx)?)? == ByIdentity::new(&b.get(ctx)?)?;
    Ok((a.is(ctx, &b)?, by_identity))
}

/// How many different objects there are.
#[hpy_method]
pub fn in_a_set(ctx: Context<'_>, objects: Vec<ByIdentity>) -> usize {
    // Neither hashing nor comparing needs Python.
    ctx.detach(move || objects.into_iter().collect::<HashSet<_>>().len())
}

/// The numbers that are kept under an object, which is found by its identity.
#[hpy_method]
pub fn objects_by_identity<'ctx>(
    pairs: Vec<(ByIdentity, i64)>,
    wanted: &Handle<'ctx>,
) -> Result<Option<i64>> {
    let numbers: HashMap<ByIdentity, i64> = pairs.into_iter().collect();
    Ok(numbers.get(&Identity::of(wanted)?).copied())
}

/// What `{:?}` shows of them.
#[hpy_method]
pub fn shown_kept(objects: Vec<Persistent>) -> String {
    format!("{objects:?}")
}

#[hpy_method]
pub fn shown_while_detached(ctx: Context<'_>, object: Persistent) -> String {
    ctx.detach(move || format!("{object:?}"))
}

/// Shows it in the message of a panic, which runs no Python code.
#[hpy_method]
pub fn shown_while_panicking(object: Persistent) {
    struct ShowsAtItsEnd(Persistent);
    impl Drop for ShowsAtItsEnd {
        fn drop(&mut self) {
            let _shown = format!("{:?}", self.0);
        }
    }
    let _shows = ShowsAtItsEnd(object);
    panic!("on purpose")
}

/// An entry of an [`ObjectMap`].
struct Entry {
    key: Persistent,
    value: Persistent,
}

/// A bucket: the entries whose keys have one hash.
type Bucket = Vec<Arc<Entry>>;

/// A map whose keys are compared by Python's `==`, which may raise, and may use the map.
#[hpy_type]
pub struct ObjectMap {
    /// By the keys' hashes, which are taken once.
    buckets: Mutex<HashMap<isize, Bucket>>,
}

impl ObjectMap {
    /// Held for moments only: nothing that runs Python code comes while it is held, not even the
    /// end of an object.
    fn buckets(&self) -> MutexGuard<'_, HashMap<isize, Bucket>> {
        self.buckets.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A copy of the bucket, and the place of the key in it. `==` runs on the copy.
    fn find(&self, hash: isize, key: &Handle<'_>) -> Result<(Bucket, Option<usize>)> {
        let bucket = self.buckets().get(&hash).cloned().unwrap_or_default();
        for (place, entry) in bucket.iter().enumerate() {
            let known = entry.key.get(key.ctx())?;
            if known.is(key) || known.eq(key)? {
                return Ok((bucket, Some(place)));
            }
        }
        Ok((bucket, None))
    }

    /// Changes the bucket, unless `==` has changed it meanwhile. Gives back what was there, to be
    /// dropped when nothing is held any more.
    fn change(
        &self,
        hash: isize,
        key: &Handle<'_>,
        new: Option<Arc<Entry>>,
    ) -> Result<Option<Arc<Entry>>> {
        let (seen, place) = self.find(hash, key)?;
        let mut buckets = self.buckets();
        let bucket = buckets.entry(hash).or_default();
        let is_as_seen = bucket.len() == seen.len()
            && bucket
                .iter()
                .zip(&seen)
                .all(|(now, then)| Arc::ptr_eq(now, then));
        if !is_as_seen {
            drop(buckets);
            return Err(RuntimeError::new(
                "the map was changed while its keys were compared",
            ));
        }
        Ok(match (place, new) {
            (Some(place), Some(new)) => Some(std::mem::replace(&mut bucket[place], new)),
            (Some(place), None) => Some(bucket.remove(place)),
            (None, Some(new)) => {
                bucket.push(new);
                None
            }
            (None, None) => None,
        })
    }
}

#[hpy_methods]
impl ObjectMap {
    #[new]
    fn new() -> Self {
        Self {
            buckets: Mutex::default(),
        }
    }

    fn __len__(&self) -> usize {
        self.buckets().values().map(Vec::len).sum()
    }

    fn get<'ctx>(&self, key: &Handle<'ctx>) -> Result<Option<Handle<'ctx>>> {
        let (bucket, place) = self.find(key.hash()?, key)?;
        place
            .map(|place| bucket[place].value.get(key.ctx()))
            .transpose()
    }

    fn set(&self, key: &Handle<'_>, value: Persistent) -> Result<()> {
        let entry = Arc::new(Entry {
            key: Persistent::new(key)?,
            value,
        });
        self.change(key.hash()?, key, Some(entry)).map(drop)
    }

    fn remove(&self, key: &Handle<'_>) -> Result<bool> {
        Ok(self.change(key.hash()?, key, None)?.is_some())
    }
}
