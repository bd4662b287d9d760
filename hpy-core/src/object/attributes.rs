//! Attributes.

use super::Name;
use crate::exceptions::AttributeError;
use crate::storage::lookup::Lookup;
use crate::types::{List, Object};
use crate::{Handle, IntoHandle, Result};
use hpy_sys::*;

impl<'ctx> Handle<'ctx, Object> {
    /// `self.name`. HPy's `HPy_GetAttr` and `HPy_GetAttr_s`.
    ///
    /// # Errors
    /// AttributeError, or what the object raises.
    #[inline]
    pub fn getattr<N: Name<'ctx>>(&self, name: N) -> Result<Handle<'ctx>> {
        let (ctx, raw) = (self.ctx(), self.as_raw());
        // SAFETY: the handles are open, names are C strings; a new handle or null with an
        // exception.
        unsafe {
            name.with(
                ctx,
                move |name| ctx.handle_from_raw(HPy_GetAttr_s(ctx.as_ptr(), raw, name.as_ptr())),
                move |name| ctx.handle_from_raw(HPy_GetAttr(ctx.as_ptr(), raw, name.as_raw())),
            )
        }
    }

    /// Whether `self.name` exists: any exception in finding out counts as no, as in HPy's
    /// `HPy_HasAttr`.
    ///
    /// # Errors
    /// ValueError for a name with a NUL.
    #[inline]
    pub fn hasattr<N: Name<'ctx>>(&self, name: N) -> Result<bool> {
        let (ctx, raw) = (self.ctx(), self.as_raw());
        // SAFETY: the handles are open, names are C strings.
        unsafe {
            name.with(
                ctx,
                move |name| Ok(HPy_HasAttr_s(ctx.as_ptr(), raw, name.as_ptr()) != 0),
                move |name| Ok(HPy_HasAttr(ctx.as_ptr(), raw, name.as_raw()) != 0),
            )
        }
    }

    /// `self.name`, None if there is no such attribute. PyO3's `getattr_opt`.
    ///
    /// # Errors
    /// What the object raises, but for AttributeError; ValueError for a name with a NUL.
    ///
    /// ```
    /// # use hpy::prelude::*;
    /// fn doc<'ctx>(object: &Handle<'ctx>) -> Result<Option<String>> {
    ///     object.getattr_opt(c"__doc__")?.map(|doc| doc.extract()).transpose()
    /// }
    /// # hpy_mock::run(|ctx| {
    /// #     let module = hpy_mock::module(ctx, "m");
    /// #     assert_eq!(doc(&module)?, None);
    /// #     module.setattr("__doc__", "text")?;
    /// #     assert_eq!(doc(&module)?.as_deref(), Some("text"));
    /// #     Ok(())
    /// # });
    /// ```
    pub fn getattr_opt<N: Name<'ctx>>(&self, name: N) -> Result<Option<Handle<'ctx>>> {
        match self.getattr(name) {
            Ok(value) => Ok(Some(value)),
            Err(error) if error.is_instance_of::<AttributeError>(self.ctx()) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// `dir(self)`: the names of the attributes, as far as the object tells.
    ///
    /// # Errors
    /// What the object raises.
    pub fn dir(&self) -> Result<Handle<'ctx, List>> {
        static DIR: Lookup = Lookup::new(c"builtins:dir");
        DIR.get(self.ctx())?.call1((self,))?.downcast_into()
    }

    /// `self.name = value`. HPy's `HPy_SetAttr` and `HPy_SetAttr_s`.
    ///
    /// # Errors
    /// What the conversion or the object raises.
    #[inline]
    pub fn setattr<N: Name<'ctx>, V: IntoHandle<'ctx>>(&self, name: N, value: V) -> Result<()> {
        let value = value.into_argument(self.ctx())?;
        self.setattr_raw(name, value.as_raw())
    }

    /// `del self.name`.
    ///
    /// # Errors
    /// AttributeError, or what the object raises.
    #[inline]
    pub fn delattr<N: Name<'ctx>>(&self, name: N) -> Result<()> {
        self.setattr_raw(name, HPy_NULL)
    }

    /// Null deletes.
    fn setattr_raw<N: Name<'ctx>>(&self, name: N, value: HPy) -> Result<()> {
        let (ctx, raw) = (self.ctx(), self.as_raw());
        // SAFETY: the handles are open (or null, which deletes), names are C strings.
        unsafe {
            name.with(
                ctx,
                |name| ctx.check_call(HPy_SetAttr_s(ctx.as_ptr(), raw, name.as_ptr(), value)),
                |name| ctx.check_call(HPy_SetAttr(ctx.as_ptr(), raw, name.as_raw(), value)),
            )
            .map(drop)
        }
    }
}
