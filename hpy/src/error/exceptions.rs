//! The standard exceptions, by their Python names.
//!
//! Each is a type that makes errors: `ValueError::new("…")`, and that names one:
//! `error.is_instance_of::<ValueError>(ctx)`.

use super::Error;
use crate::Context;
use crate::abi::{Constant, constant};
use hpy_sys::HPy;
use std::borrow::Cow;

/// A standard exception type.
pub trait ExceptionType: sealed::Sealed {
    /// Which one.
    #[doc(hidden)]
    const KIND: &'static Kind;
}

mod sealed {
    pub trait Sealed {}
}

/// A standard exception type, at run time.
#[doc(hidden)]
pub struct Kind {
    /// Its Python name.
    pub(crate) name: &'static str,
    constant: Constant,
}

impl Kind {
    /// Whether the type can be called with a message alone. PyPy finds out only when the exception is
    /// looked at, if it is not called before.
    pub(crate) fn takes_a_message(&self) -> bool {
        !matches!(
            self.name,
            "UnicodeEncodeError" | "UnicodeDecodeError" | "UnicodeTranslateError"
        )
    }

    /// The type: a constant of the context.
    #[inline]
    pub(crate) fn raw(&self, ctx: Context<'_>) -> HPy {
        self.constant.raw(ctx)
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
                #[doc = concat!("A `", stringify!($name), "` with the message.")]
                #[allow(clippy::new_ret_no_self)]
                #[cold]
                pub fn new(message: impl Into<Cow<'static, str>>) -> Error {
                    Error::new::<Self>(message)
                }
            }

            impl sealed::Sealed for $name {}

            impl ExceptionType for $name {
                const KIND: &'static Kind = &Kind { name: stringify!($name), constant: constant!($constant) };
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
