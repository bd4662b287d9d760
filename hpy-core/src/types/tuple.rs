//! `tuple`.

use super::sequence::searched;
use crate::types::Tuple;
use crate::{Handle, Result, backend};

impl<'ctx> Handle<'ctx, Tuple> {
    /// The number of items.
    #[inline(always)]
    #[must_use]
    pub fn len(&self) -> usize {
        backend::tuple_len(self.ctx(), self.as_raw())
    }

    /// Whether there is none.
    #[inline]
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The item at `index`, from 0; None if there are fewer.
    #[inline(always)]
    #[must_use]
    pub fn get(&self, index: usize) -> Option<Handle<'ctx>> {
        backend::tuple_get(self.ctx(), self.as_raw(), index)
    }

    /// `self[start:end]`. HPy's `HPy_GetSlice`.
    ///
    /// # Errors
    /// MemoryError; TypeError if a subclass gives something else than a tuple.
    #[inline]
    pub fn get_slice(&self, start: isize, end: isize) -> Result<Handle<'ctx, Tuple>> {
        self.as_object().get_slice(start, end)?.downcast_into()
    }

    /// The items in order. `for item in &tuple` is the same.
    #[inline]
    #[must_use]
    pub fn iter(&self) -> TupleIter<'_, 'ctx> {
        TupleIter {
            tuple: self,
            next: 0,
            known: 0,
        }
    }
}

searched! { Tuple }

/// The items of a tuple: see [`iter`](Handle::iter).
#[derive(Debug)]
pub struct TupleIter<'a, 'ctx> {
    tuple: &'a Handle<'ctx, Tuple>,
    next: usize,
    /// The length when it was last asked for, in host contexts.
    known: usize,
}

impl<'ctx> Iterator for TupleIter<'_, 'ctx> {
    type Item = Handle<'ctx>;

    #[inline(always)]
    fn next(&mut self) -> Option<Handle<'ctx>> {
        let (tuple, index) = (self.tuple, self.next);
        let (item, known) = backend::tuple_next(tuple.ctx(), tuple.as_raw(), index, self.known);
        self.known = known;
        let item = item?;
        self.next = index + 1;
        Some(item)
    }

    /// What is left out is not looked at.
    #[inline(always)]
    fn nth(&mut self, count: usize) -> Option<Handle<'ctx>> {
        self.next = self.next.saturating_add(count);
        self.next()
    }
}

impl<'a, 'ctx> IntoIterator for &'a Handle<'ctx, Tuple> {
    type Item = Handle<'ctx>;
    type IntoIter = TupleIter<'a, 'ctx>;

    #[inline]
    fn into_iter(self) -> TupleIter<'a, 'ctx> {
        self.iter()
    }
}
