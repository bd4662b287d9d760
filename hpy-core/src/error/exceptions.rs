//! The standard exceptions, by their Python names.

use super::Error;
use crate::backend::{Constant, constant};
use crate::types::Type;
use crate::{Annotation, CallArgs, Context, Handle, Result};
use hpy_sys::HPy;

/// An exception type: a standard one, or one that [`exception!`](crate::exception!) declares.
pub trait ExceptionType: sealed::Sealed {
    /// Which one.
    #[doc(hidden)]
    const KIND: &'static Kind;

    /// What it is called in annotations.
    #[doc(hidden)]
    const ANNOTATION: Annotation = Annotation::name(Self::KIND.name);

    /// An exception of any arguments that convert, made at once:
    /// `ValueError::with_args(ctx, ("message", 42))`. `new` makes it when somebody looks at it, and
    /// needs no context.
    ///
    /// What calling the type raises is the error returned.
    fn with_args<'ctx>(ctx: Context<'ctx>, args: impl CallArgs<'ctx>) -> Error {
        match Self::KIND.type_(ctx) {
            Ok(type_) => Error::from_type(&type_, args),
            Err(error) => error,
        }
    }
}

/// The arguments of an exception: one
/// [`ExceptionArgument`](crate::exceptions::ExceptionArgument), a tuple of up to eight, or `()` for
/// none. PyO3's `PyErrArguments`.
///
/// No context is needed: objects are kept, and values are converted when the exception is made. An
/// error that nobody looks at makes no object.
///
/// ```
/// use hpy::exceptions::{KeyError, OSError, StopIteration, SystemExit};
/// use hpy::prelude::*;
///
/// # hpy_mock::run(|ctx| {
/// let key = ctx.int(42)?;
/// let errors = [
///     KeyError::new(&key),
///     SystemExit::new(3),
///     StopIteration::new(()),
///     OSError::new((2, "No such file", "settings.toml")),
/// ];
/// assert_eq!(errors[1].to_string(), "SystemExit: 3");
/// # drop(errors);
/// # Ok(())
/// # });
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be the arguments of an exception",
    label = "no text, object or value that an exception takes",
    note = "an exception takes a literal or a `String`, numbers, handles, `Persistent`, `PathBuf`, \
            `Option` and `Vec` of such values, an `Error`, or a tuple of them: \
            `OSError::new((2, \"No such file\"))`",
    note = "anything else that converts: `ValueError::with_args(ctx, (value,))`, or \
            `ValueError::new(Argument::new(value))` for what is `Clone + Send + Sync + 'static`"
)]
pub trait ExceptionArguments {
    /// The error of that kind.
    #[doc(hidden)]
    fn into_error(self, kind: &'static Kind) -> Error;
}

#[doc(hidden)]
/// Implemented by what `exception!` makes, and by no other code.
pub mod sealed {
    #[doc(hidden)]
    pub trait Sealed {}
}

/// An exception type, at run time.
#[doc(hidden)]
pub struct Kind {
    /// Its Python name.
    pub(crate) name: &'static str,
    /// The type, of the standard ones.
    constant: Constant,
    /// How to get one that is none of those, or that is more than a message.
    custom: Option<TypeOf>,
}

type TypeOf = for<'ctx> fn(Context<'ctx>) -> Result<Handle<'ctx, Type>>;

impl Kind {
    /// That of an exception that `exception!` declares.
    pub const fn custom(name: &'static str, type_: TypeOf) -> Self {
        Self {
            name,
            constant: constant!(h_Exception),
            custom: Some(type_),
        }
    }

    /// One that no message alone can be raised with, since there is more to it: the type is called.
    /// PyPy finds out only when the exception is looked at, if it is not called before.
    const fn has_more(name: &str) -> bool {
        matches!(
            name.as_bytes(),
            b"UnicodeEncodeError" | b"UnicodeDecodeError" | b"UnicodeTranslateError"
        )
    }

    /// The type, if it is a constant of the context that a message makes an exception of.
    #[inline]
    pub(crate) fn constant(&self, ctx: Context<'_>) -> Option<HPy> {
        match self.custom {
            None => Some(self.constant.raw(ctx)),
            Some(_) => None,
        }
    }

    /// The type.
    #[cold]
    pub(crate) fn type_<'ctx>(&self, ctx: Context<'ctx>) -> Result<Handle<'ctx, Type>> {
        match self.custom {
            // SAFETY: a constant of the context, which is a type.
            None => Ok(unsafe { ctx.constant(self.constant.raw(ctx)) }),
            Some(custom) => custom(ctx),
        }
    }
}

impl core::fmt::Debug for Kind {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.name)
    }
}

macro_rules! exceptions {
    ($($name:ident = $constant:ident;)*) => {
        $(
            #[doc = concat!("Python's `", stringify!($name), "`.")]
            #[derive(Debug)]
            pub struct $name(());

            impl $name {
                #[doc = concat!("A `", stringify!($name), "` with a message, or other arguments.")]
                #[allow(clippy::new_ret_no_self)]
                #[cold]
                pub fn new(args: impl ExceptionArguments) -> Error {
                    Error::new::<Self>(args)
                }
            }

            impl sealed::Sealed for $name {}

            impl ExceptionType for $name {
                const KIND: &'static Kind = &Kind {
                    name: stringify!($name),
                    constant: constant!($constant),
                    custom: if Kind::has_more(stringify!($name)) {
                        // SAFETY: a constant of the context, which is a type.
                        Some(|ctx| Ok(unsafe { ctx.constant(constant!($constant).raw(ctx)) }))
                    } else {
                        None
                    },
                };
            }
        )*

        /// All of them, bases before what derives from them.
        #[cfg(feature = "universal")]
        pub(crate) static ALL: &[Constant] = &[$(constant!($constant)),*];
    };
}

exceptions! {
    BaseException = h_BaseException;
    Exception = h_Exception;
    GeneratorExit = h_GeneratorExit;
    KeyboardInterrupt = h_KeyboardInterrupt;
    SystemExit = h_SystemExit;
    StopAsyncIteration = h_StopAsyncIteration;
    StopIteration = h_StopIteration;
    ArithmeticError = h_ArithmeticError;
    LookupError = h_LookupError;
    AssertionError = h_AssertionError;
    AttributeError = h_AttributeError;
    BufferError = h_BufferError;
    EOFError = h_EOFError;
    OSError = h_OSError;
    ImportError = h_ImportError;
    MemoryError = h_MemoryError;
    NameError = h_NameError;
    RuntimeError = h_RuntimeError;
    SyntaxError = h_SyntaxError;
    ReferenceError = h_ReferenceError;
    SystemError = h_SystemError;
    TypeError = h_TypeError;
    ValueError = h_ValueError;
    Warning = h_Warning;
    FloatingPointError = h_FloatingPointError;
    ModuleNotFoundError = h_ModuleNotFoundError;
    IndexError = h_IndexError;
    KeyError = h_KeyError;
    OverflowError = h_OverflowError;
    RecursionError = h_RecursionError;
    NotImplementedError = h_NotImplementedError;
    IndentationError = h_IndentationError;
    UnboundLocalError = h_UnboundLocalError;
    UnicodeError = h_UnicodeError;
    ZeroDivisionError = h_ZeroDivisionError;
    BlockingIOError = h_BlockingIOError;
    ChildProcessError = h_ChildProcessError;
    ConnectionError = h_ConnectionError;
    FileExistsError = h_FileExistsError;
    FileNotFoundError = h_FileNotFoundError;
    InterruptedError = h_InterruptedError;
    IsADirectoryError = h_IsADirectoryError;
    NotADirectoryError = h_NotADirectoryError;
    PermissionError = h_PermissionError;
    ProcessLookupError = h_ProcessLookupError;
    TimeoutError = h_TimeoutError;
    UserWarning = h_UserWarning;
    DeprecationWarning = h_DeprecationWarning;
    PendingDeprecationWarning = h_PendingDeprecationWarning;
    SyntaxWarning = h_SyntaxWarning;
    RuntimeWarning = h_RuntimeWarning;
    FutureWarning = h_FutureWarning;
    ImportWarning = h_ImportWarning;
    UnicodeWarning = h_UnicodeWarning;
    BytesWarning = h_BytesWarning;
    ResourceWarning = h_ResourceWarning;
    TabError = h_TabError;
    UnicodeEncodeError = h_UnicodeEncodeError;
    UnicodeDecodeError = h_UnicodeDecodeError;
    UnicodeTranslateError = h_UnicodeTranslateError;
    BrokenPipeError = h_BrokenPipeError;
    ConnectionAbortedError = h_ConnectionAbortedError;
    ConnectionRefusedError = h_ConnectionRefusedError;
    ConnectionResetError = h_ConnectionResetError;
}
