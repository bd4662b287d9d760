//! Errors made of Python's exceptions: of an object, or of a type that is called.

use super::{Error, exceptions, is_exception, set};
use crate::Handle;
use crate::types::Type;

impl Error {
    /// An exception of any type, called with the arguments.
    ///
    /// # Errors
    /// None: what the call raises is the error returned.
    #[cold]
    pub fn from_type<'ctx>(type_: &Handle<'ctx, Type>, args: impl crate::CallArgs<'ctx>) -> Self {
        match type_.call1(args) {
            Ok(exception) => Self::from_value(&exception),
            Err(error) => error,
        }
    }

    /// The exception object, as an error. TypeError if it is no exception.
    #[cold]
    pub fn from_value(exception: &Handle<'_>) -> Self {
        let ctx = exception.ctx().rarely();
        if !is_exception(exception) {
            return exceptions::TypeError::new("exceptions must derive from BaseException");
        }
        set(ctx, exception.as_raw());
        Self::fetch_as_it_is(ctx)
    }
}
