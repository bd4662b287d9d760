//! `set` and `frozenset`.

use crate::types::{FrozenSet, Set, TypeObject};
use crate::{Context, Error, Handle, IntoHandle, Result};
use hpy_sys::*;

impl<'ctx> Context<'ctx> {
    /// A set of the values: `ctx.set([1, 2])`.
    ///
    /// # Errors
    /// What a conversion raises, TypeError for a value that can't be hashed, or MemoryError.
    pub fn set<I>(self, values: I) -> Result<Handle<'ctx, Set>>
    where
        I: IntoIterator,
        I::Item: IntoHandle<'ctx>,
    {
        let values = crate::convert::std::collections::list_of(self, values)?;
        Set::type_object(self)?.call1((values,))?.downcast_into()
    }

    /// `set()`.
    ///
    /// # Errors
    /// MemoryError.
    #[inline]
    pub fn empty_set(self) -> Result<Handle<'ctx, Set>> {
        Set::type_object(self)?.call0()?.downcast_into()
    }

    /// A frozenset of the values.
    ///
    /// # Errors
    /// As for [`set`](Self::set).
    pub fn frozenset<I>(self, values: I) -> Result<Handle<'ctx, FrozenSet>>
    where
        I: IntoIterator,
        I::Item: IntoHandle<'ctx>,
    {
        let values = crate::convert::std::collections::list_of(self, values)?;
        FrozenSet::type_object(self)?
            .call1((values,))?
            .downcast_into()
    }
}

macro_rules! both {
    ($($set:ident)*) => {
        $(
            impl<'ctx> Handle<'ctx, $set> {
                /// The number of items.
                #[inline]
                pub fn len(&self) -> usize {
                    len(self)
                }

                /// Whether there is none.
                #[inline]
                pub fn is_empty(&self) -> bool {
                    self.len() == 0
                }

                /// The items of this one, of the other, and of both, each once. The other may be
                /// anything that can be iterated; so it is for all that follow.
                ///
                /// # Errors
                /// TypeError if the other can't be iterated or its items not hashed, or what
                /// comparing raises.
                #[inline]
                pub fn union(&self, other: &Handle<'ctx>) -> Result<Handle<'ctx, $set>> {
                    self.call_method1(c"union", (other,))?.downcast_into()
                }

                /// The items that both have.
                ///
                /// # Errors
                /// As for [`union`](Self::union).
                #[inline]
                pub fn intersection(&self, other: &Handle<'ctx>) -> Result<Handle<'ctx, $set>> {
                    self.call_method1(c"intersection", (other,))?.downcast_into()
                }

                /// The items that the other has not.
                ///
                /// # Errors
                /// As for [`union`](Self::union).
                #[inline]
                pub fn difference(&self, other: &Handle<'ctx>) -> Result<Handle<'ctx, $set>> {
                    self.call_method1(c"difference", (other,))?.downcast_into()
                }

                /// The items that one of them has and the other has not.
                ///
                /// # Errors
                /// As for [`union`](Self::union).
                #[inline]
                pub fn symmetric_difference(
                    &self,
                    other: &Handle<'ctx>,
                ) -> Result<Handle<'ctx, $set>> {
                    self.call_method1(c"symmetric_difference", (other,))?.downcast_into()
                }

                /// Whether the other has all items: Python's `issubset`.
                ///
                /// # Errors
                /// As for [`union`](Self::union).
                #[inline]
                pub fn is_subset(&self, other: &Handle<'ctx>) -> Result<bool> {
                    self.call_method1(c"issubset", (other,))?.is_true()
                }

                /// Whether this has all items of the other: Python's `issuperset`.
                ///
                /// # Errors
                /// As for [`union`](Self::union).
                #[inline]
                pub fn is_superset(&self, other: &Handle<'ctx>) -> Result<bool> {
                    self.call_method1(c"issuperset", (other,))?.is_true()
                }

                /// Whether no item is in both: Python's `isdisjoint`.
                ///
                /// # Errors
                /// As for [`union`](Self::union).
                #[inline]
                pub fn is_disjoint(&self, other: &Handle<'ctx>) -> Result<bool> {
                    self.call_method1(c"isdisjoint", (other,))?.is_true()
                }

                /// A shallow copy.
                ///
                /// # Errors
                /// MemoryError.
                #[inline]
                pub fn copy(&self) -> Result<Handle<'ctx, $set>> {
                    self.call_method0(c"copy")?.downcast_into()
                }
            }
        )*
    };
}

both! { Set FrozenSet }

impl<'ctx> Handle<'ctx, Set> {
    /// Adds the value. Answers whether it is a new one.
    ///
    /// # Errors
    /// TypeError for a value that can't be hashed, or what the conversion or comparing raises.
    pub fn add<V: IntoHandle<'ctx>>(&self, value: V) -> Result<bool> {
        let before = self.len();
        drop(self.call_method1(c"add", (value,))?);
        Ok(self.len() > before)
    }

    /// Removes the value. Answers whether it was there.
    ///
    /// # Errors
    /// As for [`add`](Self::add).
    pub fn discard<V: IntoHandle<'ctx>>(&self, value: V) -> Result<bool> {
        let before = self.len();
        drop(self.call_method1(c"discard", (value,))?);
        Ok(self.len() < before)
    }

    /// Removes the value.
    ///
    /// # Errors
    /// KeyError if it is not there; otherwise as for [`add`](Self::add).
    pub fn remove<V: IntoHandle<'ctx>>(&self, value: V) -> Result<()> {
        self.call_method1(c"remove", (value,)).map(drop)
    }

    /// Removes any item, and returns it, if there is one.
    ///
    /// # Errors
    /// What a subclass raises.
    #[inline]
    pub fn pop(&self) -> Result<Option<Handle<'ctx>>> {
        if self.is_empty() {
            return Ok(None);
        }
        self.call_method0(c"pop").map(Some)
    }

    /// Removes all items.
    ///
    /// # Errors
    /// What a subclass raises.
    #[inline]
    pub fn clear(&self) -> Result<()> {
        self.call_method0(c"clear").map(drop)
    }

    /// Adds all the values, which are converted before the first is added.
    ///
    /// # Errors
    /// TypeError for a value that can't be hashed, or what a conversion or comparing raises.
    pub fn update<I>(&self, values: I) -> Result<()>
    where
        I: IntoIterator,
        I::Item: IntoHandle<'ctx>,
    {
        let values = crate::convert::std::collections::list_of(self.ctx(), values)?;
        self.call_method1(c"update", (values,)).map(drop)
    }
}

#[inline]
fn len(set: &Handle<'_>) -> usize {
    // SAFETY: the handle is open. A subclass's `__len__` may raise.
    let len = unsafe { HPy_Length(set.ctx().as_ptr(), set.as_raw()) };
    if len < 0 {
        drop(Error::take(set.ctx()));
    }
    len.max(0) as usize
}
