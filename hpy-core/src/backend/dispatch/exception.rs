//! Exceptions taken from the interpreter.

use super::which_runtime::own;
use crate::backend::{capi, hpy};
use crate::exceptions::RuntimeError;
use crate::{Context, Handle, Result};

/// An exception taken from the interpreter.
#[derive(Debug)]
pub(crate) enum Raised {
    Own(capi::exception::Raised),
    Foreign(hpy::exception::Raised),
}

impl Raised {
    #[cold]
    pub(crate) fn fetch(ctx: Context<'_>) -> Self {
        if own(ctx) {
            Self::Own(capi::exception::Raised::fetch(ctx))
        } else {
            Self::Foreign(hpy::exception::Raised::fetch(ctx))
        }
    }

    #[cold]
    pub(crate) fn new(exception: &Handle<'_>) -> Result<Self> {
        if own(exception.ctx()) {
            capi::exception::Raised::new(exception).map(Self::Own)
        } else {
            hpy::exception::Raised::new(exception).map(Self::Foreign)
        }
    }

    pub(crate) fn restore(self, ctx: Context<'_>) {
        match self {
            Self::Own(raised) if own(ctx) => raised.restore(ctx),
            Self::Foreign(raised) if !own(ctx) => raised.restore(ctx),
            _ => RuntimeError::new("an exception of another HPy runtime of the process").raise(ctx),
        }
    }

    /// Calls `body` with a context, if there is one to be had: a foreign one is its call's alone.
    pub(crate) fn while_attached<R>(
        &self,
        body: impl for<'ctx> FnOnce(Context<'ctx>) -> R,
    ) -> Option<R> {
        match self {
            Self::Own(raised) => raised.while_attached(body),
            Self::Foreign(_) => None,
        }
    }

    pub(crate) fn exception<'ctx>(&self, ctx: Context<'ctx>) -> Option<Handle<'ctx>> {
        match self {
            Self::Own(raised) if own(ctx) => raised.exception(ctx),
            Self::Foreign(raised) if !own(ctx) => raised.exception(ctx),
            _ => None,
        }
    }

    pub(crate) fn value<'ctx>(&self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        match self {
            Self::Own(raised) if own(ctx) => raised.value(ctx),
            Self::Foreign(raised) if !own(ctx) => raised.value(ctx),
            _ => Err(RuntimeError::new(
                "an exception of another HPy runtime of the process",
            )),
        }
    }
}
