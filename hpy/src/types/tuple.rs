//! `tuple`.

use crate::types::Tuple;
use crate::{Handle, abi};

impl<'ctx> Handle<'ctx, Tuple> {
    /// The number of items.
    #[inline(always)]
    pub fn len(&self) -> usize {
        abi::tuple_len(self.ctx(), self.as_raw())
    }

    /// Whether there is none.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The item at `index`, from 0; None if there are fewer.
    #[inline(always)]
    pub fn get(&self, index: usize) -> Option<Handle<'ctx>> {
        abi::tuple_get(self.ctx(), self.as_raw(), index)
    }

    /// The items in order.
    #[inline]
    pub fn items(&self) -> impl Iterator<Item = Handle<'ctx>> + '_ {
        (0..self.len()).map_while(|index| self.get(index))
    }
}
