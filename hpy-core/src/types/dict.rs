//! `dict`.

use crate::backend::{self, DictPlace};
use crate::exceptions::KeyError;
use crate::types::{Dict, List};
use crate::{Context, Error, Handle, IntoHandle, Iter, Result};
use hpy_sys::*;

impl<'ctx> Context<'ctx> {
    /// A dict of the pairs: `ctx.dict_of([("one", 1), ("two", 2)])`. A later value of a key takes
    /// the place of an earlier one.
    ///
    /// # Errors
    /// What a conversion raises, TypeError for a key that can't be hashed, or MemoryError.
    pub fn dict_of<K, V, I>(self, pairs: I) -> Result<Handle<'ctx, Dict>>
    where
        K: IntoHandle<'ctx>,
        V: IntoHandle<'ctx>,
        I: IntoIterator<Item = (K, V)>,
    {
        let dict = self.dict()?;
        for (key, value) in pairs {
            dict.set_item(key, value)?;
        }
        Ok(dict)
    }
}

impl<'ctx> Handle<'ctx, Dict> {
    /// The number of keys.
    #[inline]
    #[must_use]
    pub fn len(&self) -> usize {
        // SAFETY: the handle is open. A subclass's `__len__` may raise.
        let len = unsafe { HPy_Length(self.ctx().as_ptr(), self.as_raw()) };
        if len < 0 {
            drop(Error::take(self.ctx()));
        }
        len.max(0) as usize
    }

    /// Whether there is none.
    #[inline]
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value of a key, if there is one: Python's `dict[key]`, with None for KeyError.
    ///
    /// # Errors
    /// What hashing or comparing raises.
    pub fn get<K: IntoHandle<'ctx>>(&self, key: K) -> Result<Option<Handle<'ctx>>> {
        match self.get_item(key) {
            Ok(value) => Ok(Some(value)),
            Err(error) if error.is_instance_of::<KeyError>(self.ctx()) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The value of a key, which gets this one if it has none.
    ///
    /// # Errors
    /// What the conversions, hashing or comparing raise.
    pub fn setdefault<K, V>(&self, key: K, default: V) -> Result<Handle<'ctx>>
    where
        K: IntoHandle<'ctx>,
        V: IntoHandle<'ctx>,
    {
        self.call_method1(c"setdefault", (key, default))
    }

    /// Removes a key, and returns its value, if there is one.
    ///
    /// # Errors
    /// What the conversion, hashing or comparing raises.
    pub fn pop<K: IntoHandle<'ctx>>(&self, key: K) -> Result<Option<Handle<'ctx>>> {
        match self.call_method1(c"pop", (key,)) {
            Ok(value) => Ok(Some(value)),
            Err(error) if error.is_instance_of::<KeyError>(self.ctx()) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Removes the pair that came last, and returns it, if there is one: Python's `popitem`.
    ///
    /// # Errors
    /// What a subclass raises.
    #[inline]
    pub fn pop_item(&self) -> Result<Option<(Handle<'ctx>, Handle<'ctx>)>> {
        match self.call_method0(c"popitem") {
            Ok(pair) => pair.extract().map(Some),
            Err(error) if error.is_instance_of::<KeyError>(self.ctx()) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Takes over the keys and values of another mapping, or of an iterable of pairs.
    ///
    /// # Errors
    /// What the object, hashing or comparing raises.
    #[inline]
    pub fn update(&self, other: &Handle<'ctx>) -> Result<()> {
        self.call_method1(c"update", (other,)).map(drop)
    }

    /// Removes all keys.
    ///
    /// # Errors
    /// What a subclass raises.
    #[inline]
    pub fn clear(&self) -> Result<()> {
        self.call_method0(c"clear").map(drop)
    }

    /// The keys as a list, as they are now. HPy's `HPyDict_Keys`.
    ///
    /// # Errors
    /// MemoryError.
    #[inline]
    pub fn keys(&self) -> Result<Handle<'ctx, List>> {
        // SAFETY: the handle is open; a new list or null with an exception.
        unsafe {
            self.ctx()
                .made_handle(HPyDict_Keys(self.ctx().as_ptr(), self.as_raw()))
        }
    }

    /// The values as a list, as they are now.
    ///
    /// # Errors
    /// MemoryError; what a subclass raises.
    #[inline]
    pub fn values(&self) -> Result<Handle<'ctx, List>> {
        let pairs = self.items()?;
        self.ctx().list(pairs.into_iter().map(|(_, value)| value))
    }

    /// The pairs of keys and values as they are now: the dict may change while they are looked at.
    ///
    /// # Errors
    /// MemoryError; what a subclass raises.
    #[inline]
    pub fn items(&self) -> Result<Vec<(Handle<'ctx>, Handle<'ctx>)>> {
        let mut pairs = Vec::new();
        self.items_into(&mut pairs)?;
        Ok(pairs)
    }

    /// Appends the pairs to a vector, which can be kept for many dicts: see
    /// [`items`](Handle::items). After an error it may have some of them.
    ///
    /// ```
    /// # use hpy::prelude::*;
    /// # hpy_mock::run(|ctx| {
    /// let mut pairs = Vec::new();
    /// for dict in [ctx.dict_of([("a", 1)])?, ctx.dict_of([("b", 2), ("c", 3)])?] {
    ///     dict.items_into(&mut pairs)?;
    /// }
    /// assert_eq!(pairs.len(), 3);
    /// # Ok(())
    /// # });
    /// ```
    ///
    /// # Errors
    /// MemoryError; what a subclass raises.
    #[inline]
    pub fn items_into(&self, pairs: &mut Vec<(Handle<'ctx>, Handle<'ctx>)>) -> Result<()> {
        backend::dict_items(self, pairs)
    }

    /// The pairs of keys and values one by one, without a copy of them all. PyO3's `iter`; Python's
    /// `iter(dict)`, which gives the keys, is `dict.as_object().iter()`.
    ///
    /// If the dict gets another size meanwhile, RuntimeError comes, as in Python.
    /// `for pair in &dict` is the same.
    ///
    /// ```
    /// use hpy::prelude::*;
    ///
    /// #[hpy_method]
    /// fn longest(words: &Handle<'_, Dict>) -> Result<usize> {
    ///     let mut longest = 0;
    ///     for pair in words {
    ///         let (word, _meaning) = pair?;
    ///         longest = longest.max(word.length()?);
    ///     }
    ///     Ok(longest)
    /// }
    /// # hpy_mock::run(|ctx| {
    /// #     let words = ctx.dict_of([("a", 1), ("bcd", 2)])?;
    /// #     assert_eq!(hpy_mock::method::<longest>(ctx).call1((words,))?.extract::<usize>()?, 3);
    /// #     Ok(())
    /// # });
    /// ```
    #[inline]
    #[must_use]
    pub fn iter(&self) -> DictIter<'ctx> {
        let at = match backend::dict_place(self) {
            Some(place) => At::Place(self.dup(), place),
            None => match self.call_method0(c"items").and_then(|items| items.iter()) {
                Ok(iterator) => At::Iterator(iterator),
                Err(error) => At::Failed(error),
            },
        };
        DictIter { at }
    }

    /// A shallow copy. HPy's `HPyDict_Copy`.
    ///
    /// # Errors
    /// MemoryError.
    #[inline]
    pub fn copy(&self) -> Result<Handle<'ctx, Dict>> {
        // SAFETY: the handle is open; a new dict or null with an exception.
        unsafe {
            self.ctx()
                .made_handle(HPyDict_Copy(self.ctx().as_ptr(), self.as_raw()))
        }
    }
}

/// The pairs of a dict: see [`iter`](Handle::iter). After an error it ends.
#[derive(Debug)]
pub struct DictIter<'ctx> {
    at: At<'ctx>,
}

#[derive(Debug)]
enum At<'ctx> {
    /// In a plain dict whose pairs are looked at.
    Place(Handle<'ctx, Dict>, DictPlace),
    Iterator(Iter<'ctx>),
    /// What kept it from beginning.
    Failed(Error),
    End,
}

impl<'ctx> Iterator for DictIter<'ctx> {
    type Item = Result<(Handle<'ctx>, Handle<'ctx>)>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let pair = match &mut self.at {
            At::Place(dict, place) => backend::dict_next(dict, place),
            At::Iterator(iterator) => iterator
                .next()
                .map(|pair| pair.and_then(|pair| pair.extract())),
            At::Failed(_) | At::End => match core::mem::replace(&mut self.at, At::End) {
                At::Failed(error) => Some(Err(error)),
                _ => None,
            },
        };
        if !matches!(pair, Some(Ok(_))) {
            self.at = At::End;
        }
        pair
    }
}

impl core::iter::FusedIterator for DictIter<'_> {}

impl<'ctx> IntoIterator for &Handle<'ctx, Dict> {
    type Item = Result<(Handle<'ctx>, Handle<'ctx>)>;
    type IntoIter = DictIter<'ctx>;

    #[inline]
    fn into_iter(self) -> DictIter<'ctx> {
        self.iter()
    }
}
