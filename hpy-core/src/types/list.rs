//! `list`.

use super::sequence::searched;
use crate::types::List;
use crate::{Handle, IntoHandle, Result, backend};
use hpy_sys::*;

impl<'ctx> Handle<'ctx, List> {
    /// The number of items: those that are stored, but where [`get`](Self::get) asks the object.
    /// There `HPy_Length` asks its `__len__`.
    #[inline(always)]
    #[must_use]
    pub fn len(&self) -> usize {
        backend::list_len(self.ctx(), self.as_raw())
    }

    /// Whether there is none.
    #[inline]
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The item at `index`, from 0; None if there are fewer. Of a subclass it is the one that is
    /// stored, but where an interpreter's own HPy, or a package `hpy`, answers: `HPy_GetItem_i`
    /// asks its `__getitem__`.
    #[inline(always)]
    #[must_use]
    pub fn get(&self, index: usize) -> Option<Handle<'ctx>> {
        backend::list_get(self.ctx(), self.as_raw(), index)
    }

    /// Appends. HPy's `HPyList_Append`.
    ///
    /// # Errors
    /// What the conversion raises, or MemoryError.
    #[inline]
    pub fn append<V: IntoHandle<'ctx>>(&self, value: V) -> Result<()> {
        let value = value.into_argument(self.ctx())?;
        // SAFETY: the handles are open.
        let result = unsafe { HPyList_Append(self.ctx().as_ptr(), self.as_raw(), value.as_raw()) };
        self.ctx().check(result).map(drop)
    }

    /// Inserts before `index`, which is clipped to the list. HPy's `HPyList_Insert`.
    ///
    /// # Errors
    /// What the conversion raises, or MemoryError.
    pub fn insert<V: IntoHandle<'ctx>>(&self, index: isize, value: V) -> Result<()> {
        let value = value.into_argument(self.ctx())?;
        // SAFETY: the handles are open.
        let result =
            unsafe { HPyList_Insert(self.ctx().as_ptr(), self.as_raw(), index, value.as_raw()) };
        self.ctx().check(result).map(drop)
    }

    /// Appends all the values, which are converted before the first is appended.
    ///
    /// ```
    /// # use hpy::prelude::*;
    /// fn twice<'ctx>(list: &Handle<'ctx, List>) -> Result<()> {
    ///     list.extend(list.iter())?;
    ///     list.extend(["and", "more"])
    /// }
    /// # hpy_mock::run(|ctx| {
    /// #     let list = ctx.list([1])?;
    /// #     twice(&list)?;
    /// #     assert_eq!(list.repr()?.to_str()?, "[1, 1, 'and', 'more']");
    /// #     Ok(())
    /// # });
    /// ```
    ///
    /// # Errors
    /// What a conversion raises, or MemoryError.
    pub fn extend<I>(&self, values: I) -> Result<()>
    where
        I: IntoIterator,
        I::Item: IntoHandle<'ctx>,
    {
        let ctx = self.ctx();
        let values = values.into_iter().map(|value| value.into_handle(ctx));
        for value in values.collect::<Result<Vec<_>>>()? {
            self.append(value)?;
        }
        Ok(())
    }

    /// `self.extend(iterable)`: appends what a Python object gives when it is iterated.
    ///
    /// # Errors
    /// TypeError for objects that can't be iterated, or what the object raises.
    #[inline]
    pub fn extend_from(&self, iterable: &Handle<'ctx>) -> Result<()> {
        self.call_method1(c"extend", (iterable,)).map(drop)
    }

    /// Removes the last item, and returns it.
    ///
    /// # Errors
    /// IndexError if there is none.
    #[inline]
    pub fn pop(&self) -> Result<Handle<'ctx>> {
        self.call_method0(c"pop")
    }

    /// Removes the item at an index, which counts from the end if it is negative, and returns it:
    /// Python's `pop(index)`.
    ///
    /// # Errors
    /// IndexError if there is none.
    #[inline]
    pub fn pop_at(&self, index: isize) -> Result<Handle<'ctx>> {
        self.call_method1(c"pop", (index,))
    }

    /// Removes the first item that equals the value.
    ///
    /// # Errors
    /// ValueError if there is none, or what the comparison raises.
    pub fn remove<V: IntoHandle<'ctx>>(&self, value: V) -> Result<()> {
        self.call_method1(c"remove", (value,)).map(drop)
    }

    /// Removes all items.
    ///
    /// # Errors
    /// What a subclass raises.
    #[inline]
    pub fn clear(&self) -> Result<()> {
        self.call_method0(c"clear").map(drop)
    }

    /// Sorts in place, by `<`.
    ///
    /// # Errors
    /// TypeError for items that don't compare, or what the comparison raises; the order is then
    /// undefined.
    #[inline]
    pub fn sort(&self) -> Result<()> {
        crate::call_method!(self, "sort").map(drop)
    }

    /// Sorts in place by what `key` returns for each item, in descending order if `reverse` is
    /// true: Python's `sort(key=key, reverse=reverse)`.
    ///
    /// # Errors
    /// As for [`sort`](Self::sort); what `key` raises.
    #[inline]
    pub fn sort_by_key(&self, key: &Handle<'ctx>, reverse: bool) -> Result<()> {
        let keywords = [
            ("key", key.dup()),
            ("reverse", self.ctx().bool(reverse).into_object()),
        ];
        self.call_method(c"sort", (), keywords).map(drop)
    }

    /// Reverses in place.
    ///
    /// # Errors
    /// What a subclass raises.
    #[inline]
    pub fn reverse(&self) -> Result<()> {
        crate::call_method!(self, "reverse").map(drop)
    }

    /// A shallow copy.
    ///
    /// # Errors
    /// MemoryError.
    #[inline]
    pub fn copy(&self) -> Result<Handle<'ctx, List>> {
        self.get_slice(0, isize::MAX)
    }

    /// `self[start:end]`. HPy's `HPy_GetSlice`.
    ///
    /// # Errors
    /// MemoryError; TypeError if a subclass gives something else than a list.
    #[inline]
    pub fn get_slice(&self, start: isize, end: isize) -> Result<Handle<'ctx, List>> {
        self.as_object().get_slice(start, end)?.downcast_into()
    }

    /// The items, as they are when each is reached: the list may change meanwhile.
    ///
    /// `for item in &list` is the same.
    ///
    /// ```
    /// # use hpy::prelude::*;
    /// fn total<'ctx>(list: &Handle<'ctx, List>) -> Result<f64> {
    ///     list.iter().map(|item| item.extract::<f64>()).sum()
    /// }
    /// # hpy_mock::run(|ctx| {
    /// #     assert_eq!(total(&ctx.list([0.5, 1.0])?)?, 1.5);
    /// #     Ok(())
    /// # });
    /// ```
    #[inline(always)]
    #[must_use]
    pub fn iter(&self) -> ListIter<'_, 'ctx> {
        ListIter {
            list: self,
            next: 0,
            known: 0,
        }
    }
}

searched! { List }

/// The items of a list: see [`iter`](Handle::iter).
#[derive(Debug)]
pub struct ListIter<'a, 'ctx> {
    list: &'a Handle<'ctx, List>,
    next: usize,
    /// What the loop knows of the list, or 0: in host contexts the length when it was last asked
    /// for, on PyPy 8 an iterator.
    known: usize,
}

/// In both ABIs, so that what the borrow checker accepts is the same.
impl Drop for ListIter<'_, '_> {
    #[inline(always)]
    fn drop(&mut self) {
        if self.known != 0 {
            backend::list_ends(self.list.ctx(), self.known);
        }
    }
}

/// Spelled out, since adapters' own functions need not be compiled in line. The length is asked for
/// each time; in host contexts where the one that was known ends.
impl<'ctx> Iterator for ListIter<'_, 'ctx> {
    type Item = Handle<'ctx>;

    #[inline(always)]
    fn next(&mut self) -> Option<Handle<'ctx>> {
        let (list, index) = (self.list, self.next);
        let (item, known) = backend::list_next(list.ctx(), list.as_raw(), index, self.known);
        self.known = known;
        let item = item?;
        self.next = index + 1;
        Some(item)
    }

    /// What is left out at the beginning, as by `skip`, is not looked at.
    #[inline(always)]
    fn nth(&mut self, mut count: usize) -> Option<Handle<'ctx>> {
        if self.known == 0 {
            self.next = self.next.saturating_add(count);
            count = 0;
        }
        while count > 0 {
            self.next()?;
            count -= 1;
        }
        self.next()
    }
}

impl<'a, 'ctx> IntoIterator for &'a Handle<'ctx, List> {
    type Item = Handle<'ctx>;
    type IntoIter = ListIter<'a, 'ctx>;

    #[inline(always)]
    fn into_iter(self) -> ListIter<'a, 'ctx> {
        self.iter()
    }
}
