//! How errors are shown.

use super::exceptions::{BaseException, ExceptionType};
use super::{Error, Pending, joined};
use crate::backend::Raised;
use crate::{Context, Handle};
use std::borrow::Cow;

impl Error {
    /// The message alone, for text about the error.
    fn message(&self) -> Cow<'_, str> {
        match &self.0.exception {
            Pending::Message(_, message) => Cow::Borrowed(message),
            Pending::Bare(_) => Cow::Borrowed(""),
            Pending::Built(built) => Cow::Owned(built.message()),
            Pending::WrongType(wrong) => Cow::Owned(wrong.message_anywhere()),
            Pending::Raised(_) => Cow::Borrowed("a Python exception"),
        }
    }

    /// The exception to ask for its text. A message of Rust's own is shown as it was written, also
    /// where its object was made: `str` of a KeyError quotes it.
    fn asked(&self) -> Option<&Raised> {
        match &self.0.exception {
            Pending::Message(..) | Pending::Bare(_) | Pending::WrongType(_) => None,
            _ => self.raised(),
        }
    }

    /// Name of the type and text of an exception that the interpreter raised, if it can be asked
    /// now.
    fn described(&self) -> Option<(String, String)> {
        let raised = self.asked()?;
        raised.while_attached(|ctx| {
            let value = raised.value(ctx).ok()?;
            if std::thread::panicking() {
                return Some((value.type_name(), plain_text(&value).unwrap_or_default()));
            }
            let type_name = value.type_().getattr("__name__").ok()?.extract().ok()?;
            let text = value.str().and_then(|text| text.extract());
            Some((
                type_name,
                text.unwrap_or_else(|_| "<exception str() failed>".to_owned()),
            ))
        })?
    }

    /// As it is displayed, asking the interpreter where that cannot be known without a context.
    #[cold]
    pub(crate) fn text(&self, ctx: Context<'_>) -> String {
        let raised = match (self.asked(), &self.0.exception) {
            (Some(raised), _) => raised,
            // GraalPy does not say whether a thread is attached, so ask with the context.
            (None, Pending::WrongType(wrong)) => {
                return joined(&["TypeError: ", &wrong.message(ctx)]);
            }
            _ => return self.to_string(),
        };
        match raised.value(ctx) {
            // A handle shows itself by Python's `str`.
            Ok(value) => match value.to_string() {
                text if text.is_empty() => value.type_name(),
                text => joined(&[&value.type_name(), ": ", &text]),
            },
            Err(_) => self.to_string(),
        }
    }

    /// The text with the traceback, of an exception that the interpreter raised, if it can be asked
    /// now.
    fn formatted(&self) -> Option<String> {
        let raised = self.raised()?;
        // As for handles, no Python code is run then.
        if std::thread::panicking() {
            return None;
        }
        raised.while_attached(|ctx| self.format(ctx).ok())?
    }

    /// The type's name, as far as it is known without the interpreter.
    fn type_name(&self) -> &'static str {
        match &self.0.exception {
            Pending::Message(kind, _) | Pending::Bare(kind) => kind.name,
            Pending::Built(built) => built.kind().name,
            Pending::WrongType { .. } => "TypeError",
            Pending::Raised(_) => "BaseException",
        }
    }
}

/// The text of an exception that has a str for its one argument, as most have, without running any
/// of Python's code.
#[cold]
#[inline(never)]
fn plain_text(exception: &Handle<'_>) -> Option<String> {
    let class = BaseException::KIND.type_(exception.ctx()).ok()?;
    // The exception's own class may have another `args`.
    let args = class
        .getattr(c"args")
        .and_then(|args| args.call_method1(c"__get__", (exception,)))
        .ok()?;
    let (text,) = args.extract().ok()?;
    Some(text)
}

/// Type and message; by `{:#}` the whole traceback, as Python prints it. An exception that the
/// interpreter raised is asked for them where the thread may use the interpreter; elsewhere, and
/// under a foreign HPy runtime, it is only said to be one: ask for its [`value`](Error::value)
/// there.
impl core::fmt::Display for Error {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        if f.alternate()
            && let Some(text) = self.formatted()
        {
            return f.write_str(text.trim_end());
        }
        match self.described() {
            Some((type_name, message)) if message.is_empty() => f.write_str(&type_name),
            Some((type_name, message)) => write!(f, "{type_name}: {message}"),
            None => write!(f, "{}: {}", self.type_name(), self.message()),
        }
    }
}

/// Type and message, by `{:#?}` the whole traceback: as for `Display`.
impl core::fmt::Debug for Error {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        if f.alternate()
            && let Some(text) = self.formatted()
        {
            return f.write_str(text.trim_end());
        }
        match self.described() {
            Some((type_name, message)) => write!(f, "Error({type_name}: {message:?})"),
            None => write!(f, "Error({}: {:?})", self.type_name(), self.message()),
        }
    }
}
