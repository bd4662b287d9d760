//! `Error`: a Python exception as a Rust value.

// What takes no context, and so cannot panic for its use, is `extern "C"`: callers need no landing
// pads.
#![allow(improper_ctypes_definitions)]

mod api_result;
mod argument_location;
pub mod custom;
mod details;
mod errno;
pub mod exceptions;
mod from_exception;
mod from_std;
mod matching;
mod text;
pub mod traceback;
pub(crate) mod unraisable;
mod wrong_type;

use crate::backend::Raised;
use crate::{Context, Handle};
use core::mem::ManuallyDrop;
use core::ops::{Deref, DerefMut};
use exceptions::ExceptionType;
pub(crate) use exceptions::Kind;
use hpy_sys::*;
use std::borrow::Cow;
pub(crate) use text::joined;
use wrong_type::WrongType;

/// What fallible functions return.
pub type Result<T, E = Error> = core::result::Result<T, E>;

/// A Python exception: one still to be raised, made from a type and a message, or one that the
/// interpreter raised.
///
/// It is a value: while a program holds one, no exception is pending in the interpreter. Returned
/// from a method, it is raised. Dropped, it is gone.
///
/// `?` makes one of any [`std::error::Error`]: an `io::Error` becomes the fitting subclass of
/// OSError, a parse error ValueError, `FromUtf8Error` UnicodeDecodeError, others RuntimeError;
/// their sources become `__cause__`. `Error` does not implement that trait itself, but converts
/// into `Box<dyn std::error::Error + Send + Sync>`.
///
/// ```
/// use hpy::exceptions::KeyError;
/// # use hpy::exceptions::ValueError;
/// use hpy::prelude::*;
///
/// #[hpy_method]
/// fn port(settings: &Handle<'_, Dict>) -> Result<u16> {
///     let Some(port) = settings.get("port")? else {
///         return Err(KeyError::new("port"));
///     };
///     Ok(port.extract::<String>()?.parse::<u16>()?)
/// }
/// # hpy_mock::run(|ctx| {
/// #     let (port, settings) = (hpy_mock::method::<port>(ctx), ctx.dict()?);
/// #     assert!(port.call1((&settings,)).is_err_and(|e| e.is_instance_of::<KeyError>(ctx)));
/// #     settings.set_item("port", "x")?;
/// #     assert!(port.call1((&settings,)).is_err_and(|e| e.is_instance_of::<ValueError>(ctx)));
/// #     settings.set_item("port", "8080")?;
/// #     assert_eq!(port.call1((&settings,))?.extract::<u16>()?, 8080);
/// #     Ok(())
/// # });
/// ```
#[must_use = "an error that is not returned is lost"]
pub struct Error(Owned);

/// The state in its box, which one function drops, for all crates: whatever returns a `Result`
/// would contain that code otherwise.
struct Owned(ManuallyDrop<Box<State>>);

impl Owned {
    fn into_state(self) -> State {
        let mut this = ManuallyDrop::new(self);
        // SAFETY: the box is ours, and is not used again: `this` is not dropped.
        *unsafe { ManuallyDrop::take(&mut this.0) }
    }
}

impl Drop for Owned {
    #[inline(always)]
    fn drop(&mut self) {
        // SAFETY: the box is ours, and not used again.
        drop_state(unsafe { ManuallyDrop::take(&mut self.0) });
    }
}

/// It cannot unwind: what `State` holds is text, numbers and objects, never a value of a user's
/// type, and objects are let go of by the interpreter.
#[cold]
#[inline(never)]
extern "C" fn drop_state(state: Box<State>) {
    drop(state);
}

impl Deref for Owned {
    type Target = State;

    #[inline(always)]
    fn deref(&self) -> &State {
        &self.0
    }
}

impl DerefMut for Owned {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut State {
        &mut self.0
    }
}

struct State {
    exception: Pending,
    cause: Cause,
    /// Not the conversion's own: raised by what the object does, as by the iterator of a generator.
    of_object: bool,
}

/// The error that led to this one, which may have a cause as well, and so on without end: nothing
/// here recurses.
struct Cause(Option<Error>);

impl Drop for Cause {
    fn drop(&mut self) {
        let mut next = self.0.take();
        while let Some(mut error) = next {
            next = error.0.cause.0.take();
        }
    }
}

enum Pending {
    /// A standard type and its one argument.
    Message(&'static Kind, Cow<'static, str>),
    /// One with more arguments, whose code is in a library only if something makes it.
    Built(Box<dyn Built>),
    /// A TypeError's "must be …, not …": before it may come an argument's name.
    WrongType(WrongType),
    /// Taken from the interpreter.
    Raised(Raised),
}

impl Error {
    /// An exception of a standard type. Shorter: `ValueError::new("…")`.
    #[cold]
    pub fn new<X: ExceptionType>(message: impl Into<Cow<'static, str>>) -> Self {
        Self::of_kind(X::KIND, message.into())
    }

    #[cold]
    #[inline(never)]
    pub(crate) extern "C" fn of_kind(kind: &'static Kind, message: Cow<'static, str>) -> Self {
        Self::from_pending(Pending::Message(kind, message))
    }

    #[cold]
    extern "C" fn from_pending(exception: Pending) -> Self {
        Self::from_state(State {
            exception,
            cause: Cause(None),
            of_object: false,
        })
    }

    #[inline]
    fn from_state(state: State) -> Self {
        Self(Owned(ManuallyDrop::new(Box::new(state))))
    }

    /// The same as an error that is told as it is, whoever raised it.
    #[inline]
    pub(crate) fn of_object(mut self) -> Self {
        self.0.of_object = true;
        self
    }

    /// Takes the pending exception from the interpreter, after a failed call of the raw layer.
    /// SystemError if there is none.
    #[inline(always)]
    pub fn fetch(ctx: Context<'_>) -> Self {
        // What panics in debug builds does so here, where that may unwind.
        ctx.assert_attached();
        Self::fetch_attached(ctx)
    }

    #[cold]
    #[inline(never)]
    extern "C" fn fetch_attached(ctx: Context<'_>) -> Self {
        let ctx = ctx.rarely();
        // SAFETY: the context is valid.
        if unsafe { HPyErr_Occurred(ctx.as_ptr()) } == 0 {
            return exceptions::SystemError::new("a call failed without an exception");
        }
        Self::from_pending(Pending::Raised(Raised::fetch(ctx)))
    }

    /// Takes the pending exception, if there is one.
    #[inline]
    pub(crate) fn take(ctx: Context<'_>) -> Option<Self> {
        // SAFETY: the context is valid.
        let pending = unsafe { HPyErr_Occurred(ctx.as_ptr()) } != 0;
        pending.then(|| Self::fetch(ctx))
    }

    /// Makes the exception pending.
    #[cold]
    pub(crate) fn raise(self, ctx: Context<'_>) {
        let ctx = ctx.rarely();
        let mut error = self;
        // Making one may raise another; that one was raised by the interpreter, and is not made.
        loop {
            let made = match &error.0.exception {
                _ if error.0.cause.0.is_some() => error.value(ctx),
                Pending::Raised(_) => break,
                // There may be none for a message.
                Pending::Message(kind, message)
                    if message.is_empty() && kind.name == exceptions::MemoryError::KIND.name =>
                {
                    // SAFETY: the context is valid.
                    return unsafe { HPyErr_NoMemory(ctx.as_ptr()) };
                }
                Pending::Message(kind, message) => match kind.constant(ctx) {
                    Some(type_) => match ctx.str(message) {
                        // SAFETY: the type is a constant, the message an open handle.
                        Ok(message) => unsafe {
                            return HPyErr_SetObject(ctx.as_ptr(), type_, message.as_raw());
                        },
                        Err(another) => Err(another),
                    },
                    None => error.value(ctx),
                },
                _ => error.value(ctx),
            };
            match made {
                Ok(exception) => return set(ctx, exception.as_raw()),
                Err(another) => error = another,
            }
        }
        if let Pending::Raised(raised) = error.0.into_state().exception {
            raised.restore(ctx);
        }
    }

    /// The exception object: made now, if it was not raised yet.
    ///
    /// # Errors
    /// What making it raises.
    pub fn into_value<'ctx>(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        self.value(ctx)
    }

    /// The exception object of an error that the interpreter raised; a new one for each call if it
    /// was not raised yet.
    ///
    /// # Errors
    /// What making it raises.
    #[cold]
    #[inline(never)]
    pub fn value<'ctx>(&self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        let ctx = ctx.rarely();
        let value = self.0.exception.value(ctx)?;
        let (mut effect, mut next) = (value.dup(), &self.0.cause);
        while let Cause(Some(error)) = next {
            let cause = error.0.exception.value(ctx)?;
            effect.setattr(c"__cause__", &cause)?;
            (effect, next) = (cause, &error.0.cause);
        }
        Ok(value)
    }

    /// The same error with a cause: Python's `raise … from cause`.
    pub fn with_cause(mut self, cause: impl Into<Error>) -> Self {
        self.0.cause = Cause(Some(cause.into()));
        self
    }

    /// The message alone, for text about the error.
    fn message(&self) -> Cow<'_, str> {
        match &self.0.exception {
            Pending::Message(_, message) => Cow::Borrowed(message),
            Pending::Built(built) => Cow::Owned(built.message()),
            Pending::WrongType(wrong) => Cow::Owned(wrong.message_anywhere()),
            Pending::Raised(_) => Cow::Borrowed("a Python exception"),
        }
    }

    /// Name of the type and text of an exception that the interpreter raised, if it can be asked
    /// now.
    fn described(&self) -> Option<(String, String)> {
        let Pending::Raised(raised) = &self.0.exception else {
            return None;
        };
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
        let raised = match &self.0.exception {
            Pending::Raised(raised) => raised,
            // GraalPy does not say whether a thread is attached, so ask with the context.
            Pending::WrongType(wrong) => return joined(&["TypeError: ", &wrong.message(ctx)]),
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
        let Pending::Raised(raised) = &self.0.exception else {
            return None;
        };
        // As for handles, no Python code is run then.
        if std::thread::panicking() {
            return None;
        }
        raised.while_attached(|ctx| self.format(ctx).ok())?
    }

    /// The type's name, as far as it is known without the interpreter.
    fn type_name(&self) -> &'static str {
        match &self.0.exception {
            Pending::Message(kind, _) => kind.name,
            Pending::Built(built) => built.kind().name,
            Pending::WrongType { .. } => "TypeError",
            Pending::Raised(_) => "BaseException",
        }
    }
}

/// An exception that was on its way when Rust code was run which did not wait for it, as `Drop`
/// does: put aside, and pending again at the end.
pub(crate) struct Interrupted<'ctx> {
    ctx: Context<'ctx>,
    error: Option<Error>,
}

impl<'ctx> Interrupted<'ctx> {
    #[inline]
    pub(crate) fn new(ctx: Context<'ctx>) -> Self {
        let error = Error::take(ctx);
        Self { ctx, error }
    }
}

impl Drop for Interrupted<'_> {
    #[inline]
    fn drop(&mut self) {
        if let Some(error) = self.error.take() {
            error.raise(self.ctx);
        }
    }
}

/// Sets the exception that `value` is.
#[cold]
#[inline(never)]
fn set(ctx: Context<'_>, value: HPy) {
    let ctx = ctx.rarely().as_ptr();
    // SAFETY: the callers' handle is an open one of an exception; the type is closed once.
    unsafe {
        let type_ = HPy_Type(ctx, value);
        HPyErr_SetObject(ctx, type_, value);
        HPy_Close(ctx, type_);
    }
}

impl Pending {
    /// The exception alone, without its cause.
    fn value<'ctx>(&self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        match self {
            Pending::Raised(raised) => raised.value(ctx),
            Pending::Message(kind, message) => make(ctx, kind, message),
            Pending::Built(built) => call(ctx, built.kind(), &built.arguments(ctx)?),
            Pending::WrongType(wrong) => {
                make(ctx, exceptions::TypeError::KIND, &wrong.message(ctx))
            }
        }
    }
}

/// An exception that is called with other arguments than a message.
trait Built: Send + Sync {
    fn kind(&self) -> &'static Kind;
    fn message(&self) -> String;
    fn arguments<'ctx>(&self, ctx: Context<'ctx>) -> Result<Vec<Handle<'ctx>>>;
}

/// Calls the exception's type with a message.
#[cold]
#[inline(never)]
fn make<'ctx>(ctx: Context<'ctx>, kind: &Kind, message: &str) -> Result<Handle<'ctx>> {
    let ctx = ctx.rarely();
    call(ctx, kind, &[ctx.str(message)?.into_object()])
}

/// Calls the exception's type.
#[cold]
#[inline(never)]
fn call<'ctx>(ctx: Context<'ctx>, kind: &Kind, args: &[Handle<'ctx>]) -> Result<Handle<'ctx>> {
    let ctx = ctx.rarely();
    let type_ = kind.type_(ctx)?;
    let made = type_.call_handles(args)?;
    // Python code may have given the class a `__new__`.
    if is_exception(&made) {
        return Ok(made);
    }
    Err(exceptions::TypeError::new(joined(&[
        "calling ",
        kind.name,
        " should have returned an instance of BaseException, not ",
        &made.type_name(),
    ])))
}

/// The text of an exception that has a str for its one argument, as most have, without running any
/// of Python's code.
#[cold]
#[inline(never)]
fn plain_text(exception: &Handle<'_>) -> Option<String> {
    let class = exceptions::BaseException::KIND
        .type_(exception.ctx())
        .ok()?;
    // The exception's own class may have another `args`.
    let args = class
        .getattr(c"args")
        .and_then(|args| args.call_method1(c"__get__", (exception,)))
        .ok()?;
    let (text,) = args.extract().ok()?;
    Some(text)
}

#[cold]
#[inline(never)]
fn is_exception(object: &Handle<'_>) -> bool {
    let ctx = object.ctx().rarely().as_ptr();
    // SAFETY: the handles are open.
    unsafe { HPy_TypeCheck(ctx, object.as_raw(), h_BaseException(ctx)) != 0 }
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
