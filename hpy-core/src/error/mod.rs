//! `Error`: a Python exception as a Rust value.

mod beyond;
pub mod custom;
pub mod entry;
mod errno;
pub mod exceptions;
mod from_std;

use crate::abi::Raised;
use crate::types::{Tuple, Type};
use crate::{Context, Handle, IntoHandle};
use exceptions::ExceptionType;
pub(crate) use exceptions::Kind;
use hpy_sys::*;
use std::borrow::Cow;

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
    /// `OSError(errno, message)`, of which Python makes the fitting subclass.
    Os(i32, String),
    /// `UnicodeDecodeError('utf-8', bytes, start, end, reason)`.
    Decode {
        bytes: Vec<u8>,
        start: usize,
        end: usize,
        reason: &'static str,
    },
    /// A TypeError's "must be …, not …": before it may come an argument's name.
    WrongType(String),
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
    pub(crate) fn of_kind(kind: &'static Kind, message: Cow<'static, str>) -> Self {
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
    fn from_pending(exception: Pending) -> Self {
        Self(Box::new(State {
            exception,
            cause: Cause(None),
        }))
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

    #[cold]
    pub(crate) fn wrong_type(expected: &str, found: String) -> Self {
        let text = joined(&["must be ", expected, ", not ", &found]);
        Self::from_pending(Pending::WrongType(text))
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
            effect.setattr("__cause__", &cause)?;
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

    /// Puts "function() argument 'name': " before the message, if there is one to put it before.
    #[cold]
    #[inline(never)]
    pub(crate) fn in_argument(self, ctx: Context<'_>, function: &str, name: &str) -> Self {
        self.behind(ctx, &[function, "() argument '", name, "'"])
    }

    /// Puts "item 3: " before the message, if there is one to put it before.
    #[cold]
    #[inline(never)]
    pub(crate) fn in_item(self, ctx: Context<'_>, index: usize) -> Self {
        self.behind(ctx, &["item ", &index.to_string()])
    }

    /// Puts the parts and a colon before the message, if there is one to put them before.
    #[cold]
    #[inline(never)]
    pub(crate) fn behind(mut self, ctx: Context<'_>, before: &[&str]) -> Self {
        let mut text = joined(before);
        let kind = match &self.0.exception {
            Pending::WrongType(message) => {
                add(&mut text, &[" ", message]);
                exceptions::TypeError::KIND
            }
            Pending::Message(kind, message) => {
                add(&mut text, &[": ", message]);
                *kind
            }
            Pending::Raised(raised) => match plain_message(raised, ctx.rarely()) {
                Some((kind, message)) => {
                    add(&mut text, &[": ", &message]);
                    kind
                }
                None => return self,
            },
            _ => return self,
        };
        self.0.exception = Pending::Message(kind, text.into());
        self
    }

    /// The message alone, for text about the error.
    fn message(&self) -> Cow<'_, str> {
        match &self.0.exception {
            Pending::Message(_, message) => Cow::Borrowed(message),
            Pending::Os(errno, message) => Cow::Owned(format!("[Errno {errno}] {message}")),
            Pending::Decode { start, reason, .. } => Cow::Owned(format!(
                "'utf-8' codec can't decode byte in position {start}: {reason}"
            )),
            Pending::WrongType(message) => Cow::Borrowed(message),
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
            Pending::Os(..) => "OSError",
            Pending::Decode { .. } => "UnicodeDecodeError",
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
pub(crate) fn joined(parts: &[&str]) -> String {
    let mut text = String::new();
    add(&mut text, parts);
    text
}

#[cold]
#[inline(never)]
fn add(text: &mut String, parts: &[&str]) {
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

/// Type and message of an exception that is just that: a TypeError, OverflowError or ValueError (no
/// subclass), whose only argument is its message.
#[inline(never)]
fn plain_message(raised: &Raised, ctx: Context<'_>) -> Option<(&'static Kind, String)> {
    let value = raised.value(ctx).ok()?;
    let type_ = value.type_();
    let plain = [
        exceptions::TypeError::KIND,
        exceptions::OverflowError::KIND,
        exceptions::ValueError::KIND,
    ];
    // SAFETY: the handle is open, the types are constants of the context.
    let is_of = |kind: &&Kind| unsafe {
        let constant = kind.constant(ctx).unwrap_or(HPy_NULL);
        HPy_Is(ctx.as_ptr(), type_.as_raw(), constant) != 0
    };
    let kind = plain.into_iter().find(is_of)?;
    Some((kind, value.str().ok()?.to_str().ok()?.to_owned()))
}

impl Pending {
    /// The exception alone, without its cause.
    fn value<'ctx>(&self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        match self {
            Pending::Raised(raised) => raised.value(ctx),
            Pending::Message(kind, message) => make(ctx, kind, &[Value::Text(message)]),
            Pending::Os(errno, message) => {
                let errno = Value::Int(i64::from(*errno));
                make(
                    ctx,
                    exceptions::OSError::KIND,
                    &[errno, Value::Text(message)],
                )
            }
            Pending::Decode {
                bytes,
                start,
                end,
                reason,
            } => {
                let (start, end) = (Value::Int(*start as i64), Value::Int(*end as i64));
                let (codec, reason) = (Value::Text("utf-8"), Value::Text(reason));
                let args = [codec, Value::Bytes(bytes), start, end, reason];
                make(ctx, exceptions::UnicodeDecodeError::KIND, &args)
            }
            Pending::WrongType(message) => {
                make(ctx, exceptions::TypeError::KIND, &[Value::Text(message)])
            }
        }
    }
}

/// An argument of an exception's type.
enum Value<'a> {
    Text(&'a str),
    Bytes(&'a [u8]),
    Int(i64),
}

/// Calls the exception's type.
#[cold]
#[inline(never)]
fn make<'ctx>(ctx: Context<'ctx>, kind: &Kind, values: &[Value<'_>]) -> Result<Handle<'ctx>> {
    let ctx = ctx.rarely();
    let mut args = Vec::new();
    for value in values {
        args.push(match value {
            Value::Text(text) => ctx.str(text)?.into_object(),
            Value::Bytes(bytes) => ctx.bytes(bytes)?.into_object(),
            Value::Int(number) => number.into_handle(ctx)?,
        });
    }
    let type_ = kind.type_(ctx)?;
    let made = type_.call_handles(&args)?;
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
