//! `Error`: a Python exception as a Rust value.

// What takes no context, and so cannot panic for its use, is `extern "C"`: callers need no landing
// pads.
#![allow(improper_ctypes_definitions)]

mod api_result;
mod argument_location;
pub mod arguments;
mod attachments;
pub mod custom;
mod details;
mod display;
mod errno;
pub mod exceptions;
mod from_exception;
mod from_std;
pub mod group;
pub mod imported;
mod lazy;
mod matching;
pub mod panic;
#[cfg(any(feature = "anyhow", feature = "eyre"))]
pub mod reports;
mod stop_iteration;
mod text;
pub mod traceback;
pub(crate) mod unraisable;
mod wrong_type;

use crate::backend::Raised;
use crate::{Context, Handle};
use core::mem::ManuallyDrop;
use core::ops::{Deref, DerefMut};
use core::sync::atomic::{AtomicBool, AtomicUsize};
pub(crate) use exceptions::Kind;
use exceptions::{ExceptionArguments, ExceptionType};
use hpy_sys::*;
use lazy::Lazy;
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
    attached: Lazy<Attached>,
    /// Not the conversion's own: raised by what the object does, as by the iterator of a generator.
    of_object: bool,
}

/// What is attached to an error.
type Attached = Box<dyn Attachment>;

trait Attachment: Send + Sync {
    /// The exception object, if it was made already.
    fn made(&self) -> Option<&Raised>;
    /// The next value is a new object.
    fn forget_object(&mut self);
    /// The exception object with cause and notes, the same each time.
    fn value<'ctx>(&self, error: &Error, ctx: Context<'ctx>) -> Result<Handle<'ctx>>;
    fn all(&self) -> &Attachments;
    fn all_mut(&mut self) -> &mut Attachments;
}

struct Attachments {
    made: Lazy<Raised>,
    cause: Option<Error>,
    notes: Vec<Cow<'static, str>>,
    /// How many of the notes the object has.
    noted: AtomicUsize,
    /// Whether the object has the cause.
    linked: AtomicBool,
}

enum Pending {
    /// A standard type and its one argument.
    Message(&'static Kind, Cow<'static, str>),
    /// A standard type without arguments.
    Bare(&'static Kind),
    /// One with more arguments, whose code is in a library only if something makes it.
    Built(Box<dyn Built>),
    /// A TypeError's "must be …, not …": before it may come an argument's name.
    WrongType(WrongType),
    /// Taken from the interpreter.
    Raised(Raised),
}

impl Error {
    /// An exception of a type that Rust knows by name. Shorter: `ValueError::new("…")`.
    #[cold]
    pub fn new<X: ExceptionType>(args: impl ExceptionArguments) -> Self {
        args.into_error(X::KIND)
    }

    #[cold]
    #[inline(never)]
    pub(crate) extern "C" fn of_kind(kind: &'static Kind, message: Cow<'static, str>) -> Self {
        Self::from_pending(Pending::Message(kind, message))
    }

    #[cold]
    #[inline(never)]
    pub(crate) extern "C" fn without_arguments(kind: &'static Kind) -> Self {
        Self::from_pending(Pending::Bare(kind))
    }

    #[cold]
    #[inline(never)]
    extern "C" fn from_pending(exception: Pending) -> Self {
        Self(Owned(ManuallyDrop::new(Box::new(State {
            exception,
            attached: Lazy::new(),
            of_object: false,
        }))))
    }

    /// The same as an error that is told as it is, whoever raised it.
    #[inline]
    pub(crate) fn of_object(mut self) -> Self {
        self.0.of_object = true;
        self
    }

    /// Takes the pending exception from the interpreter, after a failed call of the raw layer.
    /// SystemError if there is none.
    ///
    /// # Panics
    /// If the exception is a panic of Rust code that Python has called: the panic goes on.
    #[cold]
    #[inline(never)]
    pub fn fetch(ctx: Context<'_>) -> Self {
        Self::fetch_as_it_is(ctx).or_resume(ctx)
    }

    /// The same, but a panic stays an exception.
    #[inline(always)]
    pub(crate) fn fetch_as_it_is(ctx: Context<'_>) -> Self {
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
        pending.then(|| Self::fetch_as_it_is(ctx))
    }

    /// Makes the exception pending.
    #[cold]
    pub(crate) fn raise(self, ctx: Context<'_>) {
        let ctx = ctx.rarely();
        let mut error = self;
        // Making one may raise another; that one was raised by the interpreter, and is not made.
        loop {
            let made = match (error.0.attached.get(), &error.0.exception) {
                (Some(attached), _) => attached.value(&error, ctx),
                (None, Pending::Raised(_)) => break,
                // There may be none for a message.
                (None, Pending::Message(kind, message))
                    if message.is_empty() && kind.name == exceptions::MemoryError::KIND.name =>
                {
                    // SAFETY: the context is valid.
                    return unsafe { HPyErr_NoMemory(ctx.as_ptr()) };
                }
                (None, Pending::Message(kind, message)) => match kind.constant(ctx) {
                    Some(type_) => match ctx.str(message) {
                        // SAFETY: the type is a constant, the message an open handle.
                        Ok(message) => unsafe {
                            return HPyErr_SetObject(ctx.as_ptr(), type_, message.as_raw());
                        },
                        Err(another) => Err(another),
                    },
                    None => error.looked_at(ctx),
                },
                (None, Pending::Bare(kind)) => match kind.constant(ctx) {
                    // As a value, None stands for no arguments.
                    // SAFETY: the type and the value are constants.
                    Some(type_) => unsafe {
                        let none = h_None(ctx.as_ptr());
                        return HPyErr_SetObject(ctx.as_ptr(), type_, none);
                    },
                    None => error.looked_at(ctx),
                },
                _ => error.looked_at(ctx),
            };
            match made {
                // It was raised before, and keeps its context.
                Ok(_) if matches!(error.0.exception, Pending::Raised(_)) => break,
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

    /// The exception object, the same at each call. That of an error that was not raised yet is
    /// made at the first. PyO3's `PyErr::value`.
    ///
    /// # Errors
    /// What making it raises.
    #[cold]
    #[inline(never)]
    pub fn value<'ctx>(&self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        match (self.0.attached.get(), &self.0.exception) {
            (None, Pending::Raised(raised)) => raised.value(ctx),
            _ => self.attached().value(self, ctx),
        }
    }

    /// The exception alone, to be looked at: not kept where it has to be made.
    #[cold]
    #[inline(never)]
    fn looked_at<'ctx>(&self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        match self.raised() {
            Some(raised) => raised.value(ctx),
            None => self.0.exception.make(ctx.rarely()),
        }
    }

    /// The exception object, if there is one.
    fn raised(&self) -> Option<&Raised> {
        match &self.0.exception {
            Pending::Raised(raised) => Some(raised),
            _ => self.0.attached.get()?.made(),
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
    /// A new exception, unless it was raised.
    fn make<'ctx>(&self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        match self {
            Pending::Raised(raised) => raised.value(ctx),
            Pending::Message(kind, message) => make(ctx, kind, message),
            Pending::Bare(kind) => call(ctx, kind, &[]),
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
    /// Moves the errors among its arguments to a list.
    fn take_errors(&mut self, _: &mut Vec<Error>) {}
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
