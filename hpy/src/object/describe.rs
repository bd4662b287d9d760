//! Type and text of any object.

use crate::types::{Object, Str, Type, TypeObject};
use crate::{FromHandle, Handle, Result};
use hpy_sys::*;

impl<'ctx> Handle<'ctx, Object> {
    /// `type(self)`. HPy's `HPy_Type`.
    #[inline]
    pub fn type_(&self) -> Handle<'ctx, Type> {
        let ctx = self.ctx();
        // SAFETY: the handle is open, and every object has a type.
        unsafe {
            let type_ = HPy_Type(ctx.as_ptr(), self.as_raw());
            Handle::from_raw(ctx, type_).unwrap_or_else(|| Object::type_object(ctx))
        }
    }

    /// The name of the object's type, for messages.
    pub fn type_name(&self) -> String {
        let type_ = self.rarely().type_();
        type_.name().unwrap_or_else(|_| "?".to_owned())
    }

    /// `isinstance(self, type_)`, without asking Python code. HPy's `HPy_TypeCheck`.
    #[inline]
    pub fn is_instance(&self, type_: &Handle<'ctx, Type>) -> bool {
        // SAFETY: the handles are open, and one is a type.
        unsafe { HPy_TypeCheck(self.ctx().as_ptr(), self.as_raw(), type_.as_raw()) != 0 }
    }

    /// `repr(self)`. HPy's `HPy_Repr`.
    ///
    /// # Errors
    /// What the object raises.
    pub fn repr(&self) -> Result<Handle<'ctx, Str>> {
        // SAFETY: the handle is open; a new str or null with an exception.
        unsafe {
            self.ctx()
                .handle_from_raw(HPy_Repr(self.ctx().as_ptr(), self.as_raw()))
        }
    }

    /// `str(self)`. HPy's `HPy_Str`.
    ///
    /// # Errors
    /// What the object raises.
    pub fn str(&self) -> Result<Handle<'ctx, Str>> {
        // SAFETY: the handle is open; a new str or null with an exception.
        unsafe {
            self.ctx()
                .handle_from_raw(HPy_Str(self.ctx().as_ptr(), self.as_raw()))
        }
    }

    /// `ascii(self)`. HPy's `HPy_ASCII`.
    ///
    /// # Errors
    /// What the object raises.
    pub fn ascii(&self) -> Result<Handle<'ctx, Str>> {
        // SAFETY: the handle is open; a new str or null with an exception.
        unsafe {
            self.ctx()
                .handle_from_raw(HPy_ASCII(self.ctx().as_ptr(), self.as_raw()))
        }
    }

    /// The object as a Rust value: `object.extract::<i64>()?`.
    ///
    /// # Errors
    /// TypeError for an object of another type, OverflowError for a number that does not fit.
    #[inline(always)]
    pub fn extract<'a, T: FromHandle<'a, 'ctx>>(&'a self) -> Result<T> {
        T::from_handle(self)
    }
}
