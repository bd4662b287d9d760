//! `list`.

use crate::types::List;
use crate::{Handle, IntoHandle, Result, abi};
use hpy_sys::*;

impl<'ctx> Handle<'ctx, List> {
    /// The number of items.
    #[inline(always)]
    pub fn len(&self) -> usize {
        abi::list_len(self.ctx(), self.as_raw())
    }

    /// Whether there is none.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The item at `index`, from 0; None if there are fewer.
    #[inline(always)]
    pub fn get(&self, index: usize) -> Option<Handle<'ctx>> {
        abi::list_get(self.ctx(), self.as_raw(), index)
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

    /// The items, as they are when each is reached: the list may change meanwhile.
    #[inline(always)]
    pub fn items(&self) -> impl Iterator<Item = Handle<'ctx>> + '_ {
        Items {
            list: self,
            next: 0,
        }
    }
}

/// Spelled out, since the adapters' own functions need not be compiled in line.
struct Items<'a, 'ctx> {
    list: &'a Handle<'ctx, List>,
    next: usize,
}

impl<'ctx> Iterator for Items<'_, 'ctx> {
    type Item = Handle<'ctx>;

    #[inline(always)]
    fn next(&mut self) -> Option<Handle<'ctx>> {
        let item = self.list.get(self.next)?;
        self.next += 1;
        Some(item)
    }
}
