//! What an exception has beyond type and message: notes, cause, context, traceback, formatted text.

use super::{Error, Pending};
use crate::backend::Raised;
use crate::exceptions::AttributeError;
use crate::types::Traceback;
use crate::{Context, Handle, Imported, Result};
use std::borrow::Cow;

static FORMAT_EXCEPTION: Imported = Imported::new("traceback", "format_exception");

impl Error {
    /// The same error with a note, as `BaseException.add_note` adds one: a line that tracebacks
    /// show below the message. Python's `add_note`.
    ///
    /// Before Python 3.11 the note is put into the exception's `__notes__` as well, where pytest
    /// and the package exceptiongroup look for it, but Python's own tracebacks do not show it.
    ///
    /// ```
    /// # use hpy::prelude::*;
    /// fn read(path: &str) -> Result<String> {
    ///     std::fs::read_to_string(path)
    ///         .map_err(|error| Error::from(error).with_note(format!("while reading {path}")))
    /// }
    /// # assert!(read("/no/such/file").is_err());
    /// ```
    #[cold]
    pub fn with_note(mut self, note: impl Into<Cow<'static, str>>) -> Self {
        self.attachments().add_note(note.into());
        self
    }

    /// The same error with a cause: Python's `raise … from cause`. PyO3's `set_cause`.
    #[cold]
    pub fn with_cause(mut self, cause: impl Into<Error>) -> Self {
        self.attachments().set_cause(cause.into());
        self
    }

    /// A second error with the same exception object. PyO3's `clone_ref`.
    ///
    /// What making the object raises is the error returned.
    #[cold]
    pub fn dup(&self, ctx: Context<'_>) -> Self {
        match self.value(ctx) {
            Ok(value) => Self::of_exception(&value),
            Err(error) => error,
        }
    }

    /// An error that is this exception as it is, `__context__` and all.
    #[cold]
    #[inline(never)]
    pub(super) fn of_exception(exception: &Handle<'_>) -> Self {
        match Raised::new(&exception.rarely()) {
            Ok(raised) => Self::from_pending(Pending::Raised(raised)),
            Err(error) => error,
        }
    }

    /// The exception's `__cause__`, if it has one.
    #[must_use]
    #[inline]
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
            Ok(value) => Self::of_exception(&value),
            Err(error) => error,
        }
    }

    /// The exception's traceback, if it was raised already.
    #[inline]
    #[must_use]
    pub fn traceback<'ctx>(&self, ctx: Context<'ctx>) -> Option<Handle<'ctx, Traceback>> {
        let traceback = self.value(ctx).ok()?.getattr(c"__traceback__").ok()?;
        traceback.downcast_into().ok()
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

/// `exception.add_note(note)`, also before Python 3.11.
#[cold]
#[inline(never)]
pub(super) fn append_note(exception: &Handle<'_>, note: &str) -> Result<()> {
    let exception = exception.rarely();
    match exception.call_method1(c"add_note", (note,)) {
        Err(error) if error.is_instance_of::<AttributeError>(exception.ctx()) => {
            append_to_list(&exception, note)
        }
        added => added.map(drop),
    }
}

/// What `add_note` does, where there is none.
#[inline]
fn append_to_list<'ctx>(exception: &Handle<'ctx>, note: &str) -> Result<()> {
    let ctx = exception.ctx();
    match exception.getattr(c"__notes__") {
        Ok(notes) => notes.call_method1(c"append", (note,)).map(drop),
        Err(error) if error.is_instance_of::<AttributeError>(ctx) => {
            exception.setattr(c"__notes__", ctx.list([note])?)
        }
        Err(error) => Err(error),
    }
}
