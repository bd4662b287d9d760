//! Objects that a context makes.

use crate::exceptions::ExceptionType;
use crate::types::{Dict, List, NoneType, Str, Tuple, Type};
use crate::{CallArgs, Context, Handle, IntoHandle, Result};
use hpy_sys::*;

impl<'ctx> Context<'ctx> {
    /// `None`.
    #[inline]
    #[must_use]
    pub fn none(self) -> Handle<'ctx, NoneType> {
        // SAFETY: `h_None` is None.
        unsafe { self.singleton(h_None(self.as_ptr())) }
    }

    /// `NotImplemented`, what operators return for operands that they do not know.
    #[inline]
    #[must_use]
    pub fn not_implemented(self) -> Handle<'ctx> {
        // SAFETY: a constant of the context.
        unsafe { self.singleton(h_NotImplemented(self.as_ptr())) }
    }

    /// `Ellipsis`, written `...`.
    #[inline]
    #[must_use]
    pub fn ellipsis(self) -> Handle<'ctx> {
        // SAFETY: a constant of the context.
        unsafe { self.singleton(h_Ellipsis(self.as_ptr())) }
    }

    /// What the module `builtins` has: `ctx.builtins().get_item("len")`.
    #[inline]
    #[must_use]
    pub fn builtins(self) -> Handle<'ctx, Dict> {
        // SAFETY: `h_Builtins` is that module's dict.
        unsafe { self.constant(h_Builtins(self.as_ptr())) }
    }

    /// Any Rust value that has a Python form, as a handle.
    ///
    /// # Errors
    /// What the conversion raises.
    #[inline]
    pub fn handle<V: IntoHandle<'ctx>>(self, value: V) -> Result<Handle<'ctx>> {
        value.into_handle(self)
    }

    /// A str. In HPy's C API `HPyUnicode_FromString`.
    ///
    /// # Errors
    /// MemoryError.
    #[inline]
    pub fn str(self, text: &str) -> Result<Handle<'ctx, Str>> {
        // SAFETY: a new str or null with an exception.
        unsafe { self.made_handle(crate::backend::str_from_utf8(self, text)) }
    }

    /// A list of the values. In HPy's C API `HPyListBuilder_New` and so on.
    ///
    /// # Errors
    /// What a conversion raises, or MemoryError.
    pub fn list<I>(self, values: I) -> Result<Handle<'ctx, List>>
    where
        I: IntoIterator,
        I::Item: IntoHandle<'ctx>,
    {
        crate::convert::std::collections::list_of(self, values)
    }

    /// `[]`. HPy's `HPyList_New`.
    ///
    /// # Errors
    /// MemoryError.
    #[inline]
    pub fn empty_list(self) -> Result<Handle<'ctx, List>> {
        // SAFETY: a new list or null with an exception.
        unsafe { self.made_handle(HPyList_New(self.as_ptr(), 0)) }
    }

    /// A tuple of the values: `ctx.tuple((1, "two"))`. HPy's `HPyTuple_FromArray`.
    ///
    /// # Errors
    /// What a conversion raises, or MemoryError.
    #[inline]
    pub fn tuple<A: CallArgs<'ctx>>(self, values: A) -> Result<Handle<'ctx, Tuple>> {
        values.with_handles(self, |handles| {
            // SAFETY: the handles are open during the call; a new tuple or null with an exception.
            unsafe {
                self.made_handle(HPyTuple_FromArray(
                    self.as_ptr(),
                    handles.as_ptr(),
                    handles.len() as HPy_ssize_t,
                ))
            }
        })
    }

    /// `{}`. HPy's `HPyDict_New`.
    ///
    /// # Errors
    /// MemoryError.
    #[inline]
    pub fn dict(self) -> Result<Handle<'ctx, Dict>> {
        // SAFETY: a new dict or null with an exception.
        unsafe { self.made_handle(HPyDict_New(self.as_ptr())) }
    }

    /// Issues a warning of the category, e.g. `ctx.warn::<DeprecationWarning>("use g", 1)`;
    /// categories of one's own are made by
    /// [`exception!`](crate::exception!). HPy's `HPyErr_WarnEx`; `stack_level` 1 is the calling
    /// Python line.
    ///
    /// # Errors
    /// The warning as an exception, where a filter turns it into one.
    pub fn warn<W: ExceptionType>(self, message: &str, stack_level: isize) -> Result<()> {
        self.warn_of(&W::KIND.type_(self)?, message, stack_level)
    }

    /// As [`warn`](Self::warn), for a category that is only known at run time.
    ///
    /// # Errors
    /// As for `warn`, or TypeError if the type is no category of warnings.
    pub fn warn_of(
        self,
        category: &Handle<'ctx, Type>,
        message: &str,
        stack_level: isize,
    ) -> Result<()> {
        // CPython takes any class.
        let warning = crate::exceptions::Warning::KIND.type_(self)?;
        if !category.is_subtype(&warning) {
            let name = category.name()?;
            let parts = ["category must be a Warning subclass, not '", &name, "'"];
            return Err(crate::exceptions::TypeError::new(crate::error::joined(
                &parts,
            )));
        }
        crate::object::with_c_str(message, |message| {
            // SAFETY: the handle is open, the message a C string.
            let result = unsafe {
                let (category, message) = (category.as_raw(), message.as_ptr());
                HPyErr_WarnEx(self.as_ptr(), category, message, stack_level)
            };
            self.check(result).map(drop)
        })
    }
}
