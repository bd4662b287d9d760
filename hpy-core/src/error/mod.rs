//! `Error`: a Python exception as a Rust value.

// What takes no context, and so cannot panic for its use, is `extern "C"`: callers need no landing pads.
#![allow(improper_ctypes_definitions)]

mod beyond;
pub(crate) use beyond::report_unraisable;
pub mod custom;
pub mod entry;
mod errno;
pub mod exceptions;
mod from_std;
mod place;
mod wrong_type;

use crate::abi::Raised;
use crate::types::{Tuple, Type};
use crate::{Context, Handle, IntoHandle};
use exceptions::ExceptionType;
pub(crate) use exceptions::Kind;
use hpy_sys::*;
use place::{has_traceback, note_place, plain_message};
use std::borrow::Cow;
use wrong_type::WrongType;

/// What fallible functions return.
pub type Result<T, E = Error> = core::result::Result<T, E>;

/// A Python exception: one still to be raised, made from a type and a message, or one that the
/// interpreter raised.
///
/// It is a value: while a program holds one, no exception is pending in the interpreter. Returned from
/// a method, it is raised. Dropped, it is gone.
///
/// `?` makes one of any [`std::error::Error`]: an `io::Error` becomes the fitting subclass of OSError,
/// a parse error ValueError, `FromUtf8Error` UnicodeDecodeError, others RuntimeError; their sources
/// become `__cause__`. `Error` does not implement that trait itself, but converts into
/// `Box<dyn std::error::Error + Send + Sync>`.
///
/// ```
/// use hpy::prelude::*;
///
/// #[hpy_method]
/// fn port(settings: &Handle<'_, Dict>) -> Result<u16> {
///     let Some(port) = settings.get("port")? else {
///         return Err(KeyError::new("port"));
///     };
///     Ok(port.extract::<String>()?.parse::<u16>()?)
/// }
/// # hpy::mock::run(|ctx| {
/// #     let (port, settings) = (hpy::mock::method::<port>(ctx), ctx.dict()?);
/// #     assert!(port.call1((&settings,)).is_err_and(|e| e.is_instance_of::<KeyError>(ctx)));
/// #     settings.set_item("port", "x")?;
/// #     assert!(port.call1((&settings,)).is_err_and(|e| e.is_instance_of::<ValueError>(ctx)));
/// #     settings.set_item("port", "8080")?;
/// #     assert_eq!(port.call1((&settings,))?.extract::<u16>()?, 8080);
/// #     Ok(())
/// # });
/// ```
#[must_use = "an error that is not returned is lost"]
pub struct Error(Box<State>);

struct State {
    exception: Pending,
    cause: Cause,
    /// Not the conversion's own: raised by what the object does, as by the iterator of a generator.
    of_object: bool,
}

/// The error that led to this one, which may have a cause as well, and so on without end: nothing here recurses.
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
        Self::fetch(ctx)
    }

    #[cold]
    extern "C" fn from_pending(exception: Pending) -> Self {
        Self(Box::new(State {
            exception,
            cause: Cause(None),
            of_object: false,
        }))
    }

    /// The same as an error that is told as it is, whoever raised it.
    #[inline]
    pub(crate) fn of_object(mut self) -> Self {
        self.0.of_object = true;
        self
    }

    /// Takes the pending exception from the interpreter, after a failed call of the raw layer.
    /// SystemError if there is none.
    #[cold]
    #[inline(never)]
    pub fn fetch(ctx: Context<'_>) -> Self {
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
        if let Pending::Raised(raised) = error.0.exception {
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

    /// The exception object of an error that the interpreter raised; a new one for each call if it was
    /// not raised yet.
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

    /// Whether the exception is of the type: `error.is_instance_of::<KeyError>(ctx)`.
    /// HPy's `HPyErr_ExceptionMatches`.
    pub fn is_instance_of<X: ExceptionType>(&self, ctx: Context<'_>) -> bool {
        self.is_of(ctx, X::KIND)
    }

    /// The same, by a shorter name.
    pub fn is<X: ExceptionType>(&self, ctx: Context<'_>) -> bool {
        self.is_of(ctx, X::KIND)
    }

    /// As [`matches`](Self::matches), in a fraction of the code.
    #[cold]
    #[inline(never)]
    fn is_of(&self, ctx: Context<'_>, kind: &Kind) -> bool {
        let ctx = ctx.rarely();
        match (self.value(ctx), kind.type_(ctx)) {
            (Ok(value), Ok(type_)) => value.type_check(&type_),
            _ => false,
        }
    }

    /// Whether an `except type_:` would catch it; a tuple of types is allowed.
    /// HPy's `HPyErr_ExceptionMatches`.
    #[cold]
    #[inline(never)]
    pub fn matches<'ctx>(&self, ctx: Context<'ctx>, type_: &Handle<'ctx>) -> bool {
        let ctx = ctx.rarely();
        let Ok(value) = self.value(ctx) else {
            return false;
        };
        // As `except` does it: no `__instancecheck__` is asked. Tuples may be nested, to any depth.
        let mut types = vec![type_.rarely().dup()];
        while let Some(type_) = types.pop() {
            // SAFETY: each cast follows its check.
            unsafe {
                if type_.is_a::<Tuple>() {
                    types.extend(type_.cast_unchecked::<Tuple>().items());
                } else if type_.is_a::<Type>() && value.type_check(type_.cast_unchecked()) {
                    return true;
                }
            }
        }
        false
    }

    /// The same error with a cause: Python's `raise … from cause`.
    pub fn with_cause(mut self, cause: impl Into<Error>) -> Self {
        self.0.cause = Cause(Some(cause.into()));
        self
    }

    /// The exception's `__cause__`, if it has one.
    pub fn cause(&self, ctx: Context<'_>) -> Option<Error> {
        let cause = self.value(ctx).ok()?.getattr("__cause__").ok()?;
        (!cause.is_none()).then(|| Self::from_value(&cause))
    }

    /// Says in which argument it was: see [`behind`](Self::behind).
    #[cold]
    #[inline(never)]
    pub(crate) fn in_argument(self, ctx: Context<'_>, function: &str, name: &str) -> Self {
        let before = [function, "() argument '", name, "'"];
        let place = ["argument '", name, "' of ", function, "()"];
        self.located(ctx, &before, &place)
    }

    /// Says in which item it was: see [`behind`](Self::behind).
    #[cold]
    #[inline(never)]
    pub(crate) fn in_item(self, ctx: Context<'_>, index: usize) -> Self {
        self.behind(ctx, &["item ", &index.to_string()])
    }

    /// Says where in the value it was.
    ///
    /// Of an error made here the place and a colon come before the message. An exception that Python code raised stays
    /// the object that it is, and gets a note.
    #[cold]
    #[inline(never)]
    pub(crate) fn behind(self, ctx: Context<'_>, place: &[&str]) -> Self {
        self.located(ctx, place, place)
    }

    #[cold]
    #[inline(never)]
    fn located(mut self, ctx: Context<'_>, before: &[&str], place: &[&str]) -> Self {
        let mut text = joined(before);
        let ctx = ctx.rarely();
        let kind = match &self.0.exception {
            Pending::WrongType(wrong) => {
                add(&mut text, &[" ", &wrong.message(ctx)]);
                exceptions::TypeError::KIND
            }
            Pending::Message(kind, message) => {
                add(&mut text, &[": ", message]);
                *kind
            }
            Pending::Raised(raised) => {
                let Ok(value) = raised.value(ctx) else {
                    return self;
                };
                let own = (!self.0.of_object).then(|| plain_message(&value)).flatten();
                let Some((kind, message)) = own else {
                    note_place(&value, place);
                    return self;
                };
                add(&mut text, &[": ", &message]);
                kind
            }
            _ => return self,
        };
        self.0.exception = Pending::Message(kind, text.into());
        self
    }

    /// Whether it is the work of the object that was to be converted, or of other Python code, and not the conversion's own
    /// judgement. What has passed through a function in Python has a traceback.
    #[cold]
    #[inline(never)]
    pub(crate) fn is_raised_by_object(&self, ctx: Context<'_>) -> bool {
        let ctx = ctx.rarely();
        if self.0.of_object {
            return true;
        }
        let Pending::Raised(raised) = &self.0.exception else {
            return false;
        };
        raised.value(ctx).is_ok_and(|value| has_traceback(&value))
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

    /// Name of the type and text of an exception that the interpreter raised, if it can be asked now.
    fn described(&self) -> Option<(String, String)> {
        let Pending::Raised(raised) = &self.0.exception else {
            return None;
        };
        raised.while_attached(|ctx| {
            let value = raised.value(ctx).ok()?;
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
        let Pending::Raised(raised) = &self.0.exception else {
            return self.to_string();
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

    /// The text with the traceback, of an exception that the interpreter raised, if it can be asked now.
    fn formatted(&self) -> Option<String> {
        let Pending::Raised(raised) = &self.0.exception else {
            return None;
        };
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

/// An exception that was on its way when Rust code was run which did not wait for it, as `Drop` does: put aside, and pending again at the end.
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

/// The parts as one text: in a fraction of the code that `format!` makes.
#[cold]
#[inline(never)]
pub(crate) extern "C" fn joined(parts: &[&str]) -> String {
    let mut text = String::new();
    add(&mut text, parts);
    text
}

#[cold]
#[inline(never)]
extern "C" fn add(text: &mut String, parts: &[&str]) {
    for part in parts {
        text.push_str(part);
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

#[cold]
#[inline(never)]
fn is_exception(object: &Handle<'_>) -> bool {
    let ctx = object.ctx().rarely().as_ptr();
    // SAFETY: the handles are open.
    unsafe { HPy_TypeCheck(ctx, object.as_raw(), h_BaseException(ctx)) != 0 }
}

/// Type and message; by `{:#}` the whole traceback, as Python prints it. An exception that the interpreter raised is asked for them where the thread may use the interpreter;
/// elsewhere, and under a foreign HPy runtime, it is only said to be one: ask for its [`value`](Error::value) there.
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

impl<'ctx> IntoHandle<'ctx> for Error {
    const ANNOTATION: crate::Annotation = crate::Annotation::name("BaseException");

    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        self.into_value(ctx)
    }
}
