//! Rust's errors as Python exceptions.

use super::exceptions::*;
use super::{Built, Error, Kind, Pending, Result};
use crate::{Context, Handle, IntoHandle};
use std::any::Any;
use std::io;

impl<E: std::error::Error + 'static> From<E> for Error {
    #[cold]
    fn from(error: E) -> Self {
        // What the type decides is decided when this is compiled: most have no source.
        let effect = Self::from_pending(pending(&error));
        match error.source() {
            Some(source) => effect.with_cause(chain(source)),
            None => effect,
        }
    }
}

#[cold]
#[inline(never)]
fn message(kind: &'static Kind, error: &dyn core::fmt::Display) -> Pending {
    Pending::Message(kind, error.to_string().into())
}

/// More sources than any error has, unless it is its own.
pub(super) const MOST_SOURCES: usize = 1000;

/// An error's source and its sources, as causes.
#[inline]
fn chain(source: &(dyn std::error::Error + 'static)) -> Error {
    let sources = std::iter::successors(Some(source), |error| error.source());
    let causes = sources.take(MOST_SOURCES).map(from_source);
    // There is one at least: the error that this was called for.
    in_a_row(causes.map(|cause| Error::from_pending(cause)).collect())
        .unwrap_or_else(|| RuntimeError::new(source.to_string()))
}

/// The first of the errors, each with the next one as its cause.
#[inline]
pub(super) fn in_a_row(mut errors: Vec<Error>) -> Option<Error> {
    let mut cause = None;
    while let Some(effect) = errors.pop() {
        cause = Some(match cause {
            Some(cause) => effect.with_cause(cause),
            None => effect,
        });
    }
    cause
}

#[inline]
fn from_source(source: &(dyn std::error::Error + 'static)) -> Pending {
    match source.downcast_ref::<io::Error>() {
        Some(error) => from_io(error),
        None => Pending::Message(RuntimeError::KIND, source.to_string().into()),
    }
}

/// The exception for an error by its type, which `$any.is` and `$any.downcast_ref` know.
macro_rules! by_type {
    ($any:expr, $error:expr) => {{
        if let Some(error) = $any.downcast_ref::<io::Error>() {
            return from_io(error);
        }
        #[cfg(feature = "arrow")]
        if let Some(error) = $any.downcast_ref::<arrow_schema::ArrowError>() {
            return from_arrow(error);
        }
        if let Some(error) = $any.downcast_ref::<std::string::FromUtf8Error>() {
            return decode(error.as_bytes().to_vec(), error.utf8_error());
        }
        if let Some(error) = $any.downcast_ref::<std::str::Utf8Error>() {
            // The bytes are not known: the message says where the trouble is.
            return decode(Vec::new(), *error);
        }
        let kind = if $any.is::<std::num::TryFromIntError>() {
            OverflowError::KIND
        } else if $any.is::<std::collections::TryReserveError>() {
            MemoryError::KIND
        } else if $any.is::<std::num::ParseIntError>()
            || $any.is::<std::num::ParseFloatError>()
            || $any.is::<std::str::ParseBoolError>()
            || $any.is::<std::char::ParseCharError>()
            || $any.is::<std::char::CharTryFromError>()
            || $any.is::<std::net::AddrParseError>()
            || $any.is::<std::ffi::NulError>()
            || $any.is::<std::ffi::FromBytesWithNulError>()
            || $any.is::<std::string::FromUtf16Error>()
            || $any.is::<std::array::TryFromSliceError>()
            || $any.is::<std::time::SystemTimeError>()
        {
            ValueError::KIND
        } else {
            RuntimeError::KIND
        };
        message(kind, $error)
    }};
}

#[inline(always)]
fn pending<E: std::error::Error + 'static>(error: &E) -> Pending {
    let any: &dyn Any = error;
    by_type!(any, error)
}

/// As by `?`, of an error whose type is not known when this is compiled.
#[cfg(any(feature = "anyhow", feature = "eyre"))]
#[cold]
pub(super) fn of_any_type(error: &(dyn std::error::Error + 'static)) -> Error {
    fn pending(error: &(dyn std::error::Error + 'static)) -> Pending {
        by_type!(error, &error)
    }
    Error::from_pending(pending(error))
}

/// As pyarrow's exceptions derive from Python's.
#[cfg(feature = "arrow")]
#[cold]
fn from_arrow(error: &arrow_schema::ArrowError) -> Pending {
    use arrow_schema::ArrowError::*;
    let kind = match error {
        IoError(_, error) => return from_io(error),
        DivideByZero => ZeroDivisionError::KIND,
        ArithmeticOverflow(_) | DictionaryKeyOverflowError | RunEndIndexOverflowError => {
            OverflowError::KIND
        }
        MemoryError(_) => self::MemoryError::KIND,
        NotYetImplemented(_) => NotImplementedError::KIND,
        ExternalError(_) => RuntimeError::KIND,
        _ => ValueError::KIND,
    };
    message(kind, error)
}

#[inline]
fn decode(bytes: Vec<u8>, error: std::str::Utf8Error) -> Pending {
    let start = error.valid_up_to();
    let (length, reason) = match error.error_len() {
        Some(length) => (length, "invalid continuation byte or start byte"),
        None => (
            bytes.len().saturating_sub(start).max(1),
            "unexpected end of data",
        ),
    };
    Pending::Built(Box::new(Decode {
        bytes,
        start,
        end: start + length,
        reason,
    }))
}

/// `UnicodeDecodeError('utf-8', bytes, start, end, reason)`.
struct Decode {
    bytes: Vec<u8>,
    start: usize,
    end: usize,
    reason: &'static str,
}

impl Built for Decode {
    fn kind(&self) -> &'static Kind {
        UnicodeDecodeError::KIND
    }

    fn message(&self) -> String {
        format!(
            "'utf-8' codec can't decode byte in position {}: {}",
            self.start, self.reason
        )
    }

    #[cold]
    fn arguments<'ctx>(&self, ctx: Context<'ctx>) -> Result<Vec<Handle<'ctx>>> {
        let ctx = ctx.rarely();
        Ok(vec![
            ctx.str("utf-8")?.into_object(),
            ctx.bytes(&self.bytes)?.into_object(),
            (self.start as i64).into_handle(ctx)?,
            (self.end as i64).into_handle(ctx)?,
            ctx.str(self.reason)?.into_object(),
        ])
    }
}

/// The operating system's number for an error, of which Python makes the fitting subclass of
/// `OSError`: an errno, or on Windows a code of the system's own.
struct Os(i32, String);

impl Built for Os {
    fn kind(&self) -> &'static Kind {
        OSError::KIND
    }

    fn message(&self) -> String {
        let number = if cfg!(windows) { "WinError" } else { "Errno" };
        format!("[{number} {}] {}", self.0, self.1)
    }

    #[cold]
    fn arguments<'ctx>(&self, ctx: Context<'ctx>) -> Result<Vec<Handle<'ctx>>> {
        let ctx = ctx.rarely();
        let number = i64::from(self.0).into_handle(ctx)?;
        let message = ctx.str(&self.1)?.into_object();
        if cfg!(windows) {
            // `OSError(errno, message, filename, winerror)`. Python finds the errno for the code.
            let errno = 0i64.into_handle(ctx)?;
            return Ok(vec![errno, message, ctx.none().into_object(), number]);
        }
        Ok(vec![number, message])
    }
}

#[inline]
fn from_io(error: &io::Error) -> Pending {
    if let Some(number) = error.raw_os_error() {
        let text = error.to_string();
        // Python adds the number itself.
        let message = text
            .strip_suffix(&format!(" (os error {number})"))
            .unwrap_or(&text);
        return Pending::Built(Box::new(Os(number, message.to_owned())));
    }
    let kind = match error.kind() {
        io::ErrorKind::NotFound => FileNotFoundError::KIND,
        io::ErrorKind::PermissionDenied => PermissionError::KIND,
        io::ErrorKind::AlreadyExists => FileExistsError::KIND,
        io::ErrorKind::IsADirectory => IsADirectoryError::KIND,
        io::ErrorKind::NotADirectory => NotADirectoryError::KIND,
        io::ErrorKind::ConnectionRefused => ConnectionRefusedError::KIND,
        io::ErrorKind::ConnectionReset => ConnectionResetError::KIND,
        io::ErrorKind::ConnectionAborted => ConnectionAbortedError::KIND,
        io::ErrorKind::BrokenPipe => BrokenPipeError::KIND,
        io::ErrorKind::WouldBlock => BlockingIOError::KIND,
        io::ErrorKind::TimedOut => TimeoutError::KIND,
        io::ErrorKind::Interrupted => InterruptedError::KIND,
        io::ErrorKind::UnexpectedEof => EOFError::KIND,
        io::ErrorKind::OutOfMemory => MemoryError::KIND,
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => ValueError::KIND,
        _ => OSError::KIND,
    };
    Pending::Message(kind, error.to_string().into())
}

/// An `Error` where a Rust program wants `std::error::Error`.
struct Boxed(Error);

impl std::error::Error for Boxed {}

impl std::fmt::Display for Boxed {
    #[inline]
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::fmt::Debug for Boxed {
    #[inline]
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl From<Error> for Box<dyn std::error::Error + Send + Sync> {
    #[inline]
    fn from(error: Error) -> Self {
        Box::new(Boxed(error))
    }
}

impl From<Error> for Box<dyn std::error::Error> {
    #[inline]
    fn from(error: Error) -> Self {
        Box::new(Boxed(error))
    }
}

impl Error {
    /// What a boxed error holds decides: an `Error` inside comes out again.
    ///
    /// (`?` can't do this: Rust leaves open whether such a box is an error itself.)
    ///
    /// ```
    /// # use hpy::prelude::*;
    /// fn check() -> core::result::Result<(), Box<dyn std::error::Error + Send + Sync>> {
    ///     Ok(())
    /// }
    ///
    /// #[hpy_method]
    /// fn checked() -> Result<()> {
    ///     check().map_err(Error::from_boxed)
    /// }
    /// # hpy_mock::run(|ctx| {
    /// #     assert!(hpy_mock::method::<checked>(ctx).call0()?.is_none());
    /// #     Ok(())
    /// # });
    /// ```
    #[cold]
    #[inline]
    pub fn from_boxed(error: Box<dyn std::error::Error + Send + Sync>) -> Self {
        let error: Box<dyn std::error::Error> = error;
        match error.downcast::<Boxed>() {
            Ok(boxed) => boxed.0,
            Err(error) => chain(error.as_ref()),
        }
    }
}
