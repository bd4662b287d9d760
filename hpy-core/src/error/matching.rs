//! Whether an exception is of a type, as `except` decides it.

use super::exceptions::ExceptionType;
use super::{Error, Kind};
use crate::types::{Tuple, Type};
use crate::{Context, Handle};

impl Error {
    /// Whether the exception is of the type: `error.is_instance_of::<KeyError>(ctx)`.
    /// HPy's `HPyErr_ExceptionMatches`.
    #[must_use]
    pub fn is_instance_of<X: ExceptionType>(&self, ctx: Context<'_>) -> bool {
        self.is_of(ctx, X::KIND)
    }

    /// As [`matches`](Self::matches), in a fraction of the code.
    #[cold]
    #[inline(never)]
    fn is_of(&self, ctx: Context<'_>, kind: &Kind) -> bool {
        let ctx = ctx.rarely();
        match (self.looked_at(ctx), kind.type_(ctx)) {
            (Ok(value), Ok(type_)) => value.type_check(&type_),
            _ => false,
        }
    }

    /// Whether an `except type_:` would catch it; a tuple of types is allowed.
    /// HPy's `HPyErr_ExceptionMatches`.
    #[cold]
    #[inline(never)]
    #[must_use]
    pub fn matches<'ctx>(&self, ctx: Context<'ctx>, type_: &Handle<'ctx>) -> bool {
        let ctx = ctx.rarely();
        let Ok(value) = self.looked_at(ctx) else {
            return false;
        };
        // As `except` does it: no `__instancecheck__` is asked. Tuples may be nested, to any depth.
        let mut types = vec![type_.rarely().dup()];
        while let Some(type_) = types.pop() {
            // SAFETY: each cast follows its check.
            unsafe {
                if type_.is_instance_of::<Tuple>() {
                    types.extend(type_.downcast_unchecked::<Tuple>().iter());
                } else if type_.is_instance_of::<Type>()
                    && value.type_check(type_.downcast_unchecked())
                {
                    return true;
                }
            }
        }
        false
    }
}
