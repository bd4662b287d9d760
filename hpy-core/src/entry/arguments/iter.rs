//! `Args` as a sequence: its iterator, and parts of it.

use super::Args;
use crate::object::handle::Borrowed;
use core::iter::FusedIterator;
use core::ops::{Bound, RangeBounds};

/// The iterator of [`Args`]: each item is `&Handle`, as long as the call lasts.
///
/// ```
/// use hpy::prelude::*;
///
/// /// The arguments from the last to the first, with their numbers.
/// #[hpy_method(signature = (*args))]
/// fn numbered(args: Args<'_, '_>) -> Result<Vec<(usize, String)>> {
///     let numbered = args.iter().enumerate().rev();
///     numbered.map(|(number, arg)| Ok((number, arg.str()?.to_string()))).collect()
/// }
/// # hpy_mock::run(|ctx| {
/// #     let numbered = hpy_mock::method::<numbered>(ctx).call1(("a", "b"))?;
/// #     assert_eq!(numbered.to_string(), "[(1, 'b'), (0, 'a')]");
/// #     Ok(())
/// # });
/// ```
#[derive(Clone)]
pub struct ArgsIter<'a, 'ctx> {
    /// Those that are left.
    args: Args<'a, 'ctx>,
}

impl<'a, 'ctx> Args<'a, 'ctx> {
    /// The arguments in order.
    #[inline]
    #[must_use]
    pub fn iter(&self) -> ArgsIter<'a, 'ctx> {
        ArgsIter { args: *self }
    }

    /// The first argument and all others, if there is any.
    #[inline]
    #[must_use]
    pub fn split_first(&self) -> Option<(Borrowed<'a, 'ctx>, Self)> {
        Some((self.get(0)?, self.from(1)))
    }

    /// The last argument and all before it, if there is any.
    #[inline]
    #[must_use]
    pub fn split_last(&self) -> Option<(Borrowed<'a, 'ctx>, Self)> {
        let last = self.len.checked_sub(1)?;
        Some((self.get(last)?, self.slice(..last)))
    }

    /// The arguments with these indices, as `args[1:]` in Python: indices beyond the end count as
    /// the end.
    ///
    /// ```
    /// use hpy::prelude::*;
    ///
    /// #[hpy_method(signature = (*args))]
    /// fn count(args: Args<'_, '_>) -> (usize, usize) {
    ///     (args.slice(1..).len(), args.slice(5..=9).len())
    /// }
    /// # hpy_mock::run(|ctx| {
    /// #     let count = hpy_mock::method::<count>(ctx).call1((1, 2, 3))?;
    /// #     assert_eq!(count.extract::<(usize, usize)>()?, (2, 0));
    /// #     Ok(())
    /// # });
    /// ```
    #[must_use]
    pub fn slice(&self, range: impl RangeBounds<usize>) -> Self {
        let start = match range.start_bound() {
            Bound::Included(start) => *start,
            Bound::Excluded(before) => before.saturating_add(1),
            Bound::Unbounded => 0,
        };
        let end = match range.end_bound() {
            Bound::Included(last) => last.saturating_add(1),
            Bound::Excluded(end) => *end,
            Bound::Unbounded => self.len,
        };
        let rest = self.from(start);
        Self {
            len: rest.len.min(end.saturating_sub(start)),
            ..rest
        }
    }
}

impl<'a, 'ctx> IntoIterator for Args<'a, 'ctx> {
    type Item = Borrowed<'a, 'ctx>;
    type IntoIter = ArgsIter<'a, 'ctx>;

    #[inline]
    fn into_iter(self) -> ArgsIter<'a, 'ctx> {
        self.iter()
    }
}

impl<'a, 'ctx> IntoIterator for &Args<'a, 'ctx> {
    type Item = Borrowed<'a, 'ctx>;
    type IntoIter = ArgsIter<'a, 'ctx>;

    #[inline]
    fn into_iter(self) -> ArgsIter<'a, 'ctx> {
        self.iter()
    }
}

impl<'a, 'ctx> Iterator for ArgsIter<'a, 'ctx> {
    type Item = Borrowed<'a, 'ctx>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        self.nth(0)
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.args.len, Some(self.args.len))
    }

    #[inline]
    fn nth(&mut self, skipped: usize) -> Option<Self::Item> {
        let item = self.args.get(skipped);
        self.args = self.args.from(skipped.saturating_add(1));
        item
    }

    #[inline]
    fn count(self) -> usize {
        self.args.len
    }

    #[inline]
    fn last(mut self) -> Option<Self::Item> {
        self.next_back()
    }
}

impl DoubleEndedIterator for ArgsIter<'_, '_> {
    #[inline]
    fn next_back(&mut self) -> Option<Self::Item> {
        let (last, before) = self.args.split_last()?;
        self.args = before;
        Some(last)
    }
}

impl ExactSizeIterator for ArgsIter<'_, '_> {}

impl FusedIterator for ArgsIter<'_, '_> {}

impl core::fmt::Debug for ArgsIter<'_, '_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.args.fmt(f)
    }
}
