//! Exceptions as objects.

use super::{Subtype, Traceback, Type, TypeCheck, TypeObject};
use crate::exceptions::ExceptionType;
use crate::{Annotation, Context, Handle, Result};

// SAFETY: the check is the interpreter's own.
unsafe impl<X: ExceptionType + 'static> TypeCheck for X {
    const NAME: &'static str = X::KIND.name;
    const ANNOTATION: Annotation = <X as ExceptionType>::ANNOTATION;

    #[inline]
    fn check(object: &Handle<'_>) -> bool {
        X::KIND
            .type_(object.ctx())
            .is_ok_and(|type_| object.type_check(&type_))
    }
}

impl<X: ExceptionType + 'static> Subtype for X {}

impl<X: ExceptionType + 'static> TypeObject for X {
    #[inline]
    fn type_object<'ctx>(ctx: Context<'ctx>) -> Result<Handle<'ctx, Type>> {
        X::KIND.type_(ctx)
    }
}

/// What all exceptions have.
impl<'ctx, X: ExceptionType> Handle<'ctx, X> {
    /// The exception as an error: returned from a method, it is raised.
    #[inline]
    pub fn to_error(&self) -> crate::Error {
        crate::Error::from_value(self.as_object())
    }

    /// The exception's `args`.
    ///
    /// # Errors
    /// TypeError if something else has been put there.
    #[inline]
    pub fn args(&self) -> Result<Handle<'ctx, crate::types::Tuple>> {
        self.as_object().getattr(c"args")?.downcast_into()
    }

    /// The exception's `__traceback__`, if it has been raised.
    ///
    /// # Errors
    /// What reading the attribute raises.
    #[inline]
    pub fn traceback(&self) -> Result<Option<Handle<'ctx, Traceback>>> {
        let traceback = self.unless_none(c"__traceback__")?;
        traceback.map(Handle::downcast_into).transpose()
    }

    /// The exception's `__cause__`: what came after `from` in `raise`.
    ///
    /// # Errors
    /// What reading the attribute raises.
    #[inline]
    pub fn cause(&self) -> Result<Option<Handle<'ctx>>> {
        self.unless_none(c"__cause__")
    }

    /// The exception's `__context__`: what was being handled when it was raised.
    ///
    /// # Errors
    /// What reading the attribute raises.
    #[inline]
    pub fn context(&self) -> Result<Option<Handle<'ctx>>> {
        self.unless_none(c"__context__")
    }

    #[inline]
    fn unless_none(&self, name: &core::ffi::CStr) -> Result<Option<Handle<'ctx>>> {
        let value = self.as_object().getattr(name)?;
        Ok((!value.is_none()).then_some(value))
    }
}
