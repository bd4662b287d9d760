//! What can be called, and iterators.

use crate::types::{Callable, PyIterator};
use crate::{Handle, Result};
use hpy_sys::*;

impl Handle<'_, Callable> {
    /// `__name__`, which functions and classes have, and other callables may have.
    ///
    /// # Errors
    /// AttributeError, or what the object raises.
    #[inline]
    pub fn name(&self) -> Result<String> {
        self.getattr(c"__name__")?.extract()
    }

    /// `__qualname__`: the name with those of the classes and functions that it was defined in.
    ///
    /// # Errors
    /// AttributeError, or what the object raises.
    #[inline]
    pub fn qualname(&self) -> Result<String> {
        self.getattr(c"__qualname__")?.extract()
    }
}

impl<'ctx> Handle<'ctx, PyIterator> {
    /// The next item; None at the end. HPy's `HPyIter_Next`.
    ///
    /// # Errors
    /// What the iterator raises.
    #[allow(clippy::should_implement_trait)]
    #[inline]
    pub fn next(&self) -> Result<Option<Handle<'ctx>>> {
        let ctx = self.ctx();
        // SAFETY: the handle is an open iterator; a new handle or null, with an exception or at the
        // end.
        let item = unsafe { Handle::from_raw(ctx, HPyIter_Next(ctx.as_ptr(), self.as_raw())) };
        match item {
            Some(item) => Ok(Some(item)),
            None => crate::Error::take(ctx).map_or(Ok(None), Err),
        }
    }

    /// The items that are left, as a Rust iterator, which takes them from the same place.
    #[inline]
    pub fn iter(&self) -> crate::Iter<'ctx> {
        crate::Iter::of(self.as_object().dup())
    }
}
