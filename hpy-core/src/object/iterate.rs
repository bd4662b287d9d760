//! Iteration, on every context: those of HPy 0.9.0 have no functions for it.

use crate::types::{List, MemoryView, Object, PyIterator, Set, Tuple, TypeCheck, TypeObject};
use crate::{Annotation, Context, Error, Handle, IntoHandle, Result};
use hpy_sys::*;

/// A Python iterator as a Rust one.
///
/// Each item is a `Result`: after an error the iterator ends.
#[derive(Debug)]
pub struct Iter<'ctx> {
    iterator: Option<Handle<'ctx>>,
}

impl<'ctx> Handle<'ctx, Object> {
    /// `iter(self)`, as a Rust iterator. HPy's `HPy_GetIter` and `HPyIter_Next`.
    ///
    /// # Errors
    /// TypeError for objects that can't be iterated, or what the object raises.
    ///
    /// ```
    /// # use hpy::prelude::*;
    /// fn lengths<'ctx>(names: &Handle<'ctx>) -> Result<Vec<usize>> {
    ///     names.iter()?.map(|name| name?.length()).collect()
    /// }
    /// # hpy_mock::run(|ctx| {
    /// #     assert_eq!(lengths(ctx.list(["a", "bcd"])?.as_object())?, [1, 3]);
    /// #     assert!(lengths(ctx.list([1])?.as_object()).is_err());
    /// #     Ok(())
    /// # });
    /// ```
    #[inline]
    pub fn iter(&self) -> Result<Iter<'ctx>> {
        let ctx = self.ctx();
        // SAFETY: the handle is open; a new handle or null with an exception.
        let iterator = unsafe { ctx.handle_from_raw(HPy_GetIter(ctx.as_ptr(), self.as_raw()))? };
        // By a foreign context the type costs more than the question.
        if !ctx.raw.is_direct() || self.is_exact_instance_of::<MemoryView>() {
            leave_nothing_pending(ctx)?;
        }
        Ok(Iter {
            iterator: Some(iterator),
        })
    }
}

/// CPython 3.10 to 3.13.0 have an iterator for a memoryview that was released, and an exception
/// pending beside it.
#[inline(never)]
fn leave_nothing_pending(ctx: Context<'_>) -> Result<()> {
    Error::take(ctx).map_or(Ok(()), Err)
}

/// What can be iterated, all at once.
impl<'ctx> Handle<'ctx, Object> {
    /// `list(self)`.
    ///
    /// # Errors
    /// TypeError for objects that can't be iterated, or what the object raises.
    #[inline]
    pub fn to_list(&self) -> Result<Handle<'ctx, List>> {
        List::type_object(self.ctx())?
            .call1((self,))?
            .downcast_into()
    }

    /// `tuple(self)`.
    ///
    /// # Errors
    /// As for [`to_list`](Self::to_list).
    #[inline]
    pub fn to_tuple(&self) -> Result<Handle<'ctx, Tuple>> {
        Tuple::type_object(self.ctx())?
            .call1((self,))?
            .downcast_into()
    }

    /// `set(self)`.
    ///
    /// # Errors
    /// As for [`to_list`](Self::to_list); TypeError for items that can't be hashed.
    #[inline]
    pub fn to_set(&self) -> Result<Handle<'ctx, Set>> {
        Set::type_object(self.ctx())?
            .call1((self,))?
            .downcast_into()
    }
}

impl<'ctx> Iter<'ctx> {
    /// An iterator, of which it is already known to be one.
    #[inline]
    pub(crate) fn of(iterator: Handle<'ctx>) -> Self {
        Self {
            iterator: Some(iterator),
        }
    }
}

impl<'ctx> Iterator for Iter<'ctx> {
    type Item = Result<Handle<'ctx>>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let iterator = self.iterator.as_ref()?;
        let ctx = iterator.ctx();
        // SAFETY: the handle is open; a new handle or null, with an exception or at the end.
        let item = unsafe { Handle::from_raw(ctx, HPyIter_Next(ctx.as_ptr(), iterator.as_raw())) };
        if let Some(item) = item {
            return Some(Ok(item));
        }
        let error = Error::take(ctx);
        self.iterator = None;
        // What a function in C raises on the way, as `int` in `map(int, texts)`, is not about the
        // conversion either.
        error.map(|error| Err(error.of_object()))
    }
}

impl core::iter::FusedIterator for Iter<'_> {}

/// The Python iterator, which goes on where this one is. After its end or an error it is empty.
impl<'ctx> IntoHandle<'ctx> for Iter<'ctx> {
    const ANNOTATION: Annotation = PyIterator::ANNOTATION;

    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        match self.iterator {
            Some(iterator) => Ok(iterator),
            None => ctx.tuple(())?.as_object().iter()?.into_handle(ctx),
        }
    }
}
