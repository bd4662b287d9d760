//! What `ValueError::new` takes: a message, objects, and values that are converted when the
//! exception is made.

use super::exceptions::{self, ExceptionArguments, ExceptionType};
use super::{Built, Error, Kind, Pending, Result, joined};
use crate::backend::Kept;
use crate::stack::Level;
use crate::{Context, Handle, IntoHandle, Persistent};
use core::fmt::Debug;
use core::mem::ManuallyDrop;
use std::borrow::Cow;
use std::ffi::OsString;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

/// One argument of an exception: text, a number, an object, and what [`Argument::new`] makes of
/// any value that converts.
///
/// A type of one's own takes one line:
///
/// ```
/// use hpy::exceptions::{Argument, ExceptionArgument, ValueError};
/// use hpy::prelude::*;
///
/// #[derive(Clone)]
/// struct Port(u16);
/// # impl<'ctx> IntoHandle<'ctx> for Port {
/// #     fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
/// #         self.0.into_handle(ctx)
/// #     }
/// # }
///
/// impl ExceptionArgument for Port {
///     fn into_argument(self) -> Argument {
///         Argument::new(self)
///     }
/// }
///
/// fn refused(port: Port) -> Error {
///     ValueError::new(("refused", port))
/// }
/// # let _ = refused(Port(80));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be an argument of an exception",
    label = "no text, object or value that an exception takes",
    note = "an exception takes literals and `String`s, numbers, handles, `Persistent`, `PathBuf`, \
            `Option` and `Vec` of such values, and `Error`s; `Argument::new(value)` takes anything \
            that converts and is `Clone + Send + Sync + 'static`"
)]
pub trait ExceptionArgument {
    /// The argument.
    fn into_argument(self) -> Argument;

    /// The error with nothing else. A message needs none of the code for other arguments.
    #[doc(hidden)]
    fn into_only_argument(self, kind: &'static Kind) -> Error
    where
        Self: Sized,
    {
        Error::of_arguments(kind, vec![self.into_argument()])
    }
}

/// An argument of an exception that is still to be made.
#[derive(Debug)]
pub struct Argument(Kinds);

#[derive(Debug)]
enum Kinds {
    Text(Cow<'static, str>),
    Object(Kept),
    Value(Box<dyn Value>),
    /// An object that could not be kept.
    Failed(Error),
}

impl Argument {
    /// A value that converts. It is converted when the exception is made.
    pub fn new<V>(value: V) -> Self
    where
        V: for<'ctx> IntoHandle<'ctx> + Clone + Send + Sync + 'static,
    {
        Self(Kinds::Value(Box::new(Hidden(Quiet(ManuallyDrop::new(
            value,
        ))))))
    }

    fn shown<V>(value: V) -> Self
    where
        V: for<'ctx> IntoHandle<'ctx> + Clone + Send + Sync + Debug + 'static,
    {
        Self(Kinds::Value(Box::new(Shown(Quiet(ManuallyDrop::new(
            value,
        ))))))
    }

    #[cold]
    #[inline(never)]
    fn object(object: &Handle<'_>) -> Self {
        let object = object.rarely();
        Self(match Kept::new(object.ctx(), object.as_raw()) {
            Ok(kept) => Kinds::Object(kept),
            Err(error) => Kinds::Failed(error),
        })
    }

    fn to_object<'ctx>(&self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        match &self.0 {
            Kinds::Text(text) => ctx.str(text).map(Handle::into_object),
            // SAFETY: a new handle.
            Kinds::Object(kept) => Ok(unsafe { Handle::from_raw_unchecked(ctx, kept.get(ctx)?) }),
            Kinds::Value(value) => value.to_object(ctx),
            Kinds::Failed(error) => error.value(ctx),
        }
    }

    /// As it is shown before the exception is made.
    fn text(&self) -> String {
        match &self.0 {
            Kinds::Text(text) => text.clone().into_owned(),
            Kinds::Object(kept) => kept
                .while_attached(|ctx| {
                    let raw = kept.get(ctx).ok()?;
                    // SAFETY: a new handle. Its text runs no Python code while the thread panics.
                    Some(
                        unsafe { Handle::<crate::types::Object>::from_raw_unchecked(ctx, raw) }
                            .to_string(),
                    )
                })
                .flatten()
                .unwrap_or_else(|| "a Python object".to_owned()),
            Kinds::Value(value) => value.text(),
            Kinds::Failed(error) => error.to_string(),
        }
    }
}

/// A value that is converted when the exception is made.
trait Value: Send + Sync {
    fn to_object<'ctx>(&self, ctx: Context<'ctx>) -> Result<Handle<'ctx>>;
    fn text(&self) -> String;
    /// Moves the errors that it is to a list.
    fn take_errors(&mut self, _: &mut Vec<Error>) {}
}

impl Debug for dyn Value {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&self.text())
    }
}

/// A value of a user's type. The drop of an error may not unwind, so a panic in this one's ends
/// here.
struct Quiet<V>(ManuallyDrop<V>);

impl<V> Drop for Quiet<V> {
    fn drop(&mut self) {
        // SAFETY: the value is not used again.
        let dropped = catch_unwind(AssertUnwindSafe(|| unsafe {
            ManuallyDrop::drop(&mut self.0);
        }));
        // To drop what it panicked with might panic again.
        core::mem::forget(dropped);
    }
}

struct Hidden<V>(Quiet<V>);

impl<V> Value for Hidden<V>
where
    V: for<'ctx> IntoHandle<'ctx> + Clone + Send + Sync,
{
    fn to_object<'ctx>(&self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        V::clone(&self.0.0).into_handle(ctx)
    }

    fn text(&self) -> String {
        core::any::type_name::<V>().to_owned()
    }
}

struct Shown<V>(Quiet<V>);

impl<V> Value for Shown<V>
where
    V: for<'ctx> IntoHandle<'ctx> + Clone + Send + Sync + Debug,
{
    fn to_object<'ctx>(&self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        V::clone(&self.0.0).into_handle(ctx)
    }

    fn text(&self) -> String {
        format!("{:?}", *self.0.0)
    }
}

/// The exceptions that errors are: one, or the list of several.
impl Value for Error {
    fn to_object<'ctx>(&self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        let _level = Level::enter()?;
        self.value(ctx)
    }

    fn text(&self) -> String {
        self.to_string()
    }

    fn take_errors(&mut self, errors: &mut Vec<Error>) {
        if let Pending::Built(_) = self.0.exception {
            let none = Pending::Message(exceptions::Exception::KIND, Cow::Borrowed(""));
            let exception = core::mem::replace(&mut self.0.exception, none);
            errors.push(Error::from_pending(exception));
        }
    }
}

impl Value for Vec<Error> {
    fn to_object<'ctx>(&self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        let _level = Level::enter()?;
        let list = ctx.empty_list()?;
        for error in self {
            list.append(error.value(ctx)?)?;
        }
        Ok(list.into_object())
    }

    fn text(&self) -> String {
        let texts: Vec<String> = self.iter().map(Error::to_string).collect();
        joined(&["[", &texts.join(", "), "]"])
    }

    fn take_errors(&mut self, errors: &mut Vec<Error>) {
        errors.append(self);
    }
}

macro_rules! texts {
    ($($text:ty)*) => {$(
        impl ExceptionArgument for $text {
            fn into_argument(self) -> Argument {
                Argument(Kinds::Text(self.into()))
            }

            #[inline(always)]
            fn into_only_argument(self, kind: &'static Kind) -> Error {
                Error::of_kind(kind, self.into())
            }
        }
    )*};
}

texts! { &'static str &'static String String Cow<'static, str> }

macro_rules! values {
    ($($value:ty)*) => {$(
        impl ExceptionArgument for $value {
            fn into_argument(self) -> Argument {
                Argument::shown(self)
            }
        }
    )*};
}

values! {
    bool char i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize f32 f64 OsString PathBuf
}

impl<V> ExceptionArgument for Option<V>
where
    V: for<'ctx> IntoHandle<'ctx> + Clone + Send + Sync + Debug + 'static,
{
    fn into_argument(self) -> Argument {
        Argument::shown(self)
    }
}

impl<V> ExceptionArgument for Vec<V>
where
    V: for<'ctx> IntoHandle<'ctx> + Clone + Send + Sync + Debug + 'static,
{
    fn into_argument(self) -> Argument {
        Argument::shown(self)
    }
}

impl ExceptionArgument for Argument {
    fn into_argument(self) -> Argument {
        self
    }
}

impl ExceptionArgument for Error {
    fn into_argument(self) -> Argument {
        Argument(Kinds::Value(Box::new(self)))
    }
}

impl ExceptionArgument for Vec<Error> {
    fn into_argument(self) -> Argument {
        Argument(Kinds::Value(Box::new(self)))
    }
}

impl<T> ExceptionArgument for Handle<'_, T> {
    fn into_argument(self) -> Argument {
        Argument::object(self.as_object())
    }
}

impl<T> ExceptionArgument for &Handle<'_, T> {
    fn into_argument(self) -> Argument {
        Argument::object(self.as_object())
    }
}

impl<T> ExceptionArgument for Persistent<T> {
    fn into_argument(self) -> Argument {
        Argument(Kinds::Object(self.into_kept()))
    }
}

#[diagnostic::do_not_recommend]
impl<A: ExceptionArgument> ExceptionArguments for A {
    #[inline(always)]
    fn into_error(self, kind: &'static Kind) -> Error {
        self.into_only_argument(kind)
    }
}

impl ExceptionArguments for () {
    fn into_error(self, kind: &'static Kind) -> Error {
        Error::without_arguments(kind)
    }
}

macro_rules! tuples {
    ($($($index:tt $argument:ident),+;)*) => {$(
        impl<$($argument: ExceptionArgument),+> ExceptionArguments for ($($argument,)+) {
            fn into_error(self, kind: &'static Kind) -> Error {
                Error::of_arguments(kind, vec![$(self.$index.into_argument()),+])
            }
        }
    )*};
}

tuples! {
    0 A;
    0 A, 1 B;
    0 A, 1 B, 2 C;
    0 A, 1 B, 2 C, 3 D;
    0 A, 1 B, 2 C, 3 D, 4 E;
    0 A, 1 B, 2 C, 3 D, 4 E, 5 F;
    0 A, 1 B, 2 C, 3 D, 4 E, 5 F, 6 G;
    0 A, 1 B, 2 C, 3 D, 4 E, 5 F, 6 G, 7 H;
}

impl Error {
    #[cold]
    #[inline(never)]
    fn of_arguments(kind: &'static Kind, mut arguments: Vec<Argument>) -> Self {
        let failed = |argument: &Argument| matches!(argument.0, Kinds::Failed(_));
        if let Some(index) = arguments.iter().position(failed)
            && let Kinds::Failed(error) = arguments.swap_remove(index).0
        {
            return error;
        }
        Self::from_pending(Pending::Built(Box::new(Call { kind, arguments })))
    }
}

/// A call of the exception's type.
struct Call {
    kind: &'static Kind,
    arguments: Vec<Argument>,
}

/// An argument may be an error with another one in it, and so on without end: nothing here
/// recurses.
impl Drop for Call {
    fn drop(&mut self) {
        let mut errors = Vec::new();
        self.take_errors(&mut errors);
        while let Some(mut error) = errors.pop() {
            if let Pending::Built(built) = &mut error.0.exception {
                built.take_errors(&mut errors);
            }
        }
    }
}

impl Built for Call {
    fn take_errors(&mut self, errors: &mut Vec<Error>) {
        for argument in &mut self.arguments {
            if let Kinds::Value(value) = &mut argument.0 {
                value.take_errors(errors);
            }
        }
    }

    fn kind(&self) -> &'static Kind {
        self.kind
    }

    fn message(&self) -> String {
        match &self.arguments[..] {
            [] => String::new(),
            [argument] => argument.text(),
            several => {
                let texts: Vec<String> = several.iter().map(Argument::text).collect();
                joined(&["(", &texts.join(", "), ")"])
            }
        }
    }

    #[cold]
    fn arguments<'ctx>(&self, ctx: Context<'ctx>) -> Result<Vec<Handle<'ctx>>> {
        let ctx = ctx.rarely();
        self.arguments
            .iter()
            .map(|argument| argument.to_object(ctx))
            .collect()
    }
}
