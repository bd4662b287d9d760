//! What an exception has beyond type and message: notes, cause, context, traceback, formatted text.

use super::Error;
use crate::exceptions::AttributeError;
use crate::{Context, Handle, Imported, Result};

static FORMAT_EXCEPTION: Imported = Imported::new("traceback", "format_exception");

impl Error {
    /// The same error with a note, as `BaseException.add_note` adds one: a line that tracebacks
    /// show below the message.
    ///
    /// Before Python 3.11 the note is put into the exception's `__notes__` as well, where pytest
    /// and the package exceptiongroup look for it, but Python's own tracebacks do not show it.
    ///
    /// ```
    /// # use hpy::prelude::*;
    /// fn read<'ctx>(ctx: Context<'ctx>, path: &str) -> Result<String> {
    ///     let text = std::fs::read_to_string(path)
    ///         .map_err(|error| {
    ///             Error::from(error).add_note(ctx, &format!("while reading {path}"))
    ///         })?;
    ///     Ok(text)
    /// }
    /// ```
    #[cold]
    #[inline]
    pub fn add_note(self, ctx: Context<'_>, note: &str) -> Self {
        let noted = self.value(ctx).and_then(|value| {
            match value.call_method1(c"add_note", (note,)) {
                Ok(_) => {}
                Err(error) if error.is_instance_of::<AttributeError>(ctx) => {
                    add_to_notes(&value, note)?;
                }
                Err(error) => return Err(error),
            }
            Ok(value)
        });
        match noted {
            Ok(value) => Self::from_value(&value),
            // The error matters more than its note.
            Err(_) => self,
        }
    }

    /// The exception's `__cause__`, if it has one.
    #[must_use]
    pub fn cause(&self, ctx: Context<'_>) -> Option<Error> {
        let cause = self.value(ctx).ok()?.getattr("__cause__").ok()?;
        (!cause.is_none()).then(|| Self::from_value(&cause))
    }

    /// The exception's `__context__`, if it has one: what was being handled when it was raised.
    #[inline]
    #[must_use]
    pub fn context(&self, ctx: Context<'_>) -> Option<Error> {
        let context = self.value(ctx).ok()?.getattr(c"__context__").ok()?;
        (!context.is_none()).then(|| Self::from_value(&context))
    }

    /// The same error with a `__context__`: Python shows it as what was being handled meanwhile.
    /// For what led to this one, see
    /// [`with_cause`](Self::with_cause).
    ///
    /// # Errors
    /// None: where the exceptions can't be made, the error that was in the way is returned.
    #[cold]
    pub fn with_context(self, ctx: Context<'_>, context: impl Into<Error>) -> Self {
        let value = self.value(ctx).and_then(|value| {
            value.setattr(c"__context__", context.into().into_value(ctx)?)?;
            Ok(value)
        });
        match value {
            Ok(value) => Self::from_value(&value),
            Err(error) => error,
        }
    }

    /// The exception's traceback, if it was raised already.
    #[inline]
    #[must_use]
    pub fn traceback<'ctx>(&self, ctx: Context<'ctx>) -> Option<Handle<'ctx>> {
        let traceback = self.value(ctx).ok()?.getattr(c"__traceback__").ok()?;
        (!traceback.is_none()).then_some(traceback)
    }

    /// The text that Python prints for an exception that nobody handles: traceback, type, message,
    /// notes, and the same of what led to it.
    ///
    /// # Errors
    /// What making the text raises.
    #[cold]
    #[inline]
    pub fn format(&self, ctx: Context<'_>) -> Result<String> {
        let ctx = ctx.rarely();
        let value = self.value(ctx)?;
        let traceback = value.getattr(c"__traceback__")?;
        let lines = FORMAT_EXCEPTION
            .get(ctx)?
            .call1((value.type_(), &value, traceback))?;
        let mut text = String::new();
        for line in lines.iter()? {
            text.push_str(&line?.extract::<String>()?);
        }
        Ok(text)
    }
}

/// What `add_note` does, where there is none.
#[inline]
fn add_to_notes<'ctx>(exception: &Handle<'ctx>, note: &str) -> Result<()> {
    let ctx = exception.ctx();
    match exception.getattr(c"__notes__") {
        Ok(notes) => notes.call_method1(c"append", (note,)).map(drop),
        Err(error) if error.is_instance_of::<AttributeError>(ctx) => {
            exception.setattr(c"__notes__", ctx.list([note])?)
        }
        Err(error) => Err(error),
    }
}
