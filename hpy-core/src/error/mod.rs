//! `Error`: a Python exception as a Rust value.

// What takes no context, and so cannot panic for its use, is `extern "C"`: callers need no landing
// pads.
#![allow(improper_ctypes_definitions)]

mod api_result;
mod argument_location;
pub mod arguments;
pub mod custom;
mod details;
mod display;
mod errno;
pub mod exceptions;
mod from_exception;
mod from_std;
mod made;
mod matching;
mod text;
pub mod traceback;
pub(crate) mod unraisable;
mod wrong_type;

use crate::backend::Raised;
use crate::{Context, Handle};
use arguments::ExceptionArguments;
use core::mem::ManuallyDrop;
use core::ops::{Deref, DerefMut};
use core::sync::atomic::{AtomicBool, Ordering};
use exceptions::ExceptionType;
pub(crate) use exceptions::Kind;
use hpy_sys::*;
use made::Made;
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
    /// The exception object, if it was made here and somebody has it.
    made: Made,
    cause: Cause,
    /// Behind a table, so that the code for notes is only where notes are added.
    notes: Option<Box<dyn Notes>>,
    /// Whether the object has the cause and the notes.
    complete: AtomicBool,
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
    extern "C" fn from_pending(exception: Pending) -> Self {
        Self::caused(exception, Cause(None))
    }

    #[cold]
    #[inline(never)]
    extern "C" fn caused(exception: Pending, cause: Cause) -> Self {
        let complete = AtomicBool::new(cause.0.is_none());
        Self(Owned(ManuallyDrop::new(Box::new(State {
            exception,
            made: Made::new(),
            cause,
            notes: None,
            complete,
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
            let is_complete = *error.0.complete.get_mut();
            let made = match &error.0.exception {
                Pending::Raised(_) if is_complete => break,
                Pending::Message(kind, message) if is_complete && error.0.made.get().is_none() => {
                    // There may be none for a message.
                    if message.is_empty() && kind.name == exceptions::MemoryError::KIND.name {
                        // SAFETY: the context is valid.
                        return unsafe { HPyErr_NoMemory(ctx.as_ptr()) };
                    }
                    match kind.constant(ctx) {
                        Some(type_) => match ctx.str(message) {
                            // SAFETY: the type is a constant, the message an open handle.
                            Ok(message) => unsafe {
                                return HPyErr_SetObject(ctx.as_ptr(), type_, message.as_raw());
                            },
                            Err(another) => Err(another),
                        },
                        None => error.value(ctx),
                    }
                }
                _ => error.value(ctx),
            };
            match made {
                // It is changed already, and keeps its context.
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
        let ctx = ctx.rarely();
        let value = self.object(ctx)?;
        if !self.0.complete.swap(true, Ordering::Relaxed)
            && let Err(error) = self.add_details(&value)
        {
            self.0.complete.store(false, Ordering::Relaxed);
            return Err(error);
        }
        Ok(value)
    }

    /// Its cause and notes.
    fn add_details(&self, value: &Handle<'_>) -> Result<()> {
        let ctx = value.ctx();
        let (mut effect, mut next) = (value.dup(), &self.0.cause);
        while let Cause(Some(error)) = next {
            let cause = error.object(ctx)?;
            error.0.add_notes(&cause)?;
            effect.setattr(c"__cause__", &cause)?;
            error.0.complete.store(true, Ordering::Relaxed);
            (effect, next) = (cause, &error.0.cause);
        }
        self.0.add_notes(value)
    }

    /// The exception alone, without what belongs to it, and kept for the next time.
    fn object<'ctx>(&self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        let made = match self.known(ctx) {
            Some(Ok(known)) => return Ok(known),
            // Made by another interpreter of the process: one for this call.
            Some(Err(elsewhere)) => return self.0.exception.make(ctx).or(Err(elsewhere)),
            None => self.0.exception.make(ctx)?,
        };
        let kept = self.0.made.keep(Raised::new(&made)?);
        // Another thread may have been quicker.
        kept.value(ctx)
    }

    /// The exception alone, to be looked at: not kept where it has to be made.
    fn looked_at<'ctx>(&self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        match self.known(ctx) {
            Some(known) => known,
            None => self.0.exception.make(ctx),
        }
    }

    /// The exception object, if there is one.
    fn known<'ctx>(&self, ctx: Context<'ctx>) -> Option<Result<Handle<'ctx>>> {
        self.raised().map(|raised| raised.value(ctx))
    }

    /// The exception object, if there is one.
    fn raised(&self) -> Option<&Raised> {
        match &self.0.exception {
            Pending::Raised(raised) => Some(raised),
            _ => self.0.made.get(),
        }
    }

    /// The same error with a cause: Python's `raise … from cause`. PyO3's `set_cause`.
    pub fn with_cause(mut self, cause: impl Into<Error>) -> Self {
        self.0.cause = Cause(Some(cause.into()));
        *self.0.complete.get_mut() = false;
        self
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

impl State {
    #[inline]
    fn add_notes(&self, exception: &Handle<'_>) -> Result<()> {
        match &self.notes {
            Some(notes) => notes.add_to(exception),
            None => Ok(()),
        }
    }
}

/// Notes that the exception is to get.
trait Notes: Send + Sync {
    fn push(&mut self, note: Cow<'static, str>);
    /// Adds those that it does not have yet.
    fn add_to(&self, exception: &Handle<'_>) -> Result<()>;
}

impl Pending {
    /// A new exception, unless it was raised.
    fn make<'ctx>(&self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
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
