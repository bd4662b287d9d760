//! Exceptions and panics across the boundary: see `test_errors.py`.

mod eyre_reports;
mod reports;
mod user_code;

use hpy::exceptions::{
    ArithmeticError, AssertionError, AttributeError, BaseException, BlockingIOError,
    BrokenPipeError, BufferError, BytesWarning, ChildProcessError, ConnectionAbortedError,
    ConnectionError, ConnectionRefusedError, ConnectionResetError, DeprecationWarning, EOFError,
    Exception, FileExistsError, FileNotFoundError, FloatingPointError, FutureWarning,
    GeneratorExit, ImportError, ImportWarning, IndentationError, IndexError, InterruptedError,
    IsADirectoryError, KeyError, KeyboardInterrupt, LookupError, MemoryError, ModuleNotFoundError,
    NameError, NotADirectoryError, NotImplementedError, OSError, OverflowError,
    PendingDeprecationWarning, PermissionError, ProcessLookupError, RecursionError, ReferenceError,
    ResourceWarning, RuntimeError, RuntimeWarning, StopAsyncIteration, StopIteration, SyntaxError,
    SyntaxWarning, SystemError, SystemExit, TabError, TimeoutError, TypeError, UnboundLocalError,
    UnicodeDecodeError, UnicodeEncodeError, UnicodeError, UnicodeTranslateError, UnicodeWarning,
    UserWarning, ValueError, Warning, ZeroDivisionError,
};
use hpy::prelude::*;
use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::sync::Mutex;

/// Does something with the exception type of a name.
macro_rules! for_exception {
    ($name:expr, |$type_:ident| $body:expr) => {
        for_exception!(@ $name, $type_, $body,
            BaseException Exception GeneratorExit KeyboardInterrupt SystemExit StopAsyncIteration
            StopIteration ArithmeticError LookupError AssertionError AttributeError BufferError
            EOFError OSError ImportError MemoryError NameError RuntimeError SyntaxError
            ReferenceError SystemError TypeError ValueError Warning FloatingPointError
            ModuleNotFoundError IndexError KeyError OverflowError RecursionError
            NotImplementedError IndentationError UnboundLocalError UnicodeError ZeroDivisionError
            BlockingIOError ChildProcessError ConnectionError FileExistsError FileNotFoundError
            InterruptedError IsADirectoryError NotADirectoryError PermissionError
            ProcessLookupError TimeoutError UserWarning DeprecationWarning
            PendingDeprecationWarning SyntaxWarning RuntimeWarning FutureWarning ImportWarning
            UnicodeWarning BytesWarning ResourceWarning TabError BrokenPipeError
            ConnectionAbortedError ConnectionRefusedError ConnectionResetError
            UnicodeEncodeError UnicodeDecodeError UnicodeTranslateError)
    };
    (@ $name:expr, $type_:ident, $body:expr, $($exception:ident)*) => {
        match $name {
            $(stringify!($exception) => {
                type $type_ = $exception;
                $body
            })*
            _ => Err(LookupError::new("no such exception")),
        }
    };
}

#[hpy_method]
fn raise_named(name: &str, message: &str) -> Result<()> {
    let message = message.to_owned();
    for_exception!(name, |X| Err(Error::new::<X>(message)))
}

#[hpy_method]
fn raise_value_error(message: &str) -> Result<()> {
    Err(ValueError::new(message.to_owned()))
}

#[hpy_method]
fn raise_from_type<'ctx>(type_: &Handle<'ctx, Type>, args: &Handle<'ctx, Tuple>) -> Result<()> {
    Err(Error::from_type(type_, args))
}

#[hpy_method]
fn raise_value(exception: &Handle<'_>) -> Result<()> {
    Err(Error::from_value(exception))
}

// Errors of Rust's own library, by `?`.

#[hpy_method]
fn open(path: &str) -> Result<()> {
    std::fs::File::open(path)?;
    Ok(())
}

#[hpy_method]
fn io_error_of_kind(kind: &str, message: &str) -> Result<()> {
    use io::ErrorKind::*;
    let kind = match kind {
        "NotFound" => NotFound,
        "PermissionDenied" => PermissionDenied,
        "AlreadyExists" => AlreadyExists,
        "ConnectionRefused" => ConnectionRefused,
        "ConnectionReset" => ConnectionReset,
        "ConnectionAborted" => ConnectionAborted,
        "BrokenPipe" => BrokenPipe,
        "WouldBlock" => WouldBlock,
        "TimedOut" => TimedOut,
        "Interrupted" => Interrupted,
        "UnexpectedEof" => UnexpectedEof,
        "InvalidInput" => InvalidInput,
        "InvalidData" => InvalidData,
        _ => Other,
    };
    Err(io::Error::new(kind, message.to_owned()))?
}

#[hpy_method]
fn io_error_of_number(errno: i32) -> Result<()> {
    Err(io::Error::from_raw_os_error(errno))?
}

/// What a Rust library might return.
#[derive(Debug)]
struct Layer {
    message: String,
    source: Option<Box<dyn StdError>>,
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl StdError for Layer {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref()
    }
}

/// `layers` errors, each the source of the one before; the innermost is the system's.
#[hpy_method]
fn chain(layers: usize) -> Result<()> {
    let mut error: Box<dyn StdError> = Box::new(io::Error::from_raw_os_error(2));
    for layer in (1..layers).rev() {
        error = Box::new(Layer {
            message: format!("layer {layer}"),
            source: Some(error),
        });
    }
    Err(Layer {
        message: "layer 0".to_owned(),
        source: Some(error),
    })?
}

#[hpy_method]
fn parse(kind: &str, text: &str) -> Result<()> {
    match kind {
        "int" => drop(text.parse::<i32>()?),
        "float" => drop(text.parse::<f64>()?),
        "bool" => drop(text.parse::<bool>()?),
        "char" => drop(text.parse::<char>()?),
        _ => drop(text.parse::<std::net::IpAddr>()?),
    }
    Ok(())
}

#[hpy_method]
fn narrow(value: i64) -> Result<u8> {
    Ok(u8::try_from(value)?)
}

#[hpy_method]
fn decode(bytes: &[u8]) -> Result<String> {
    Ok(String::from_utf8(bytes.to_vec())?)
}

#[hpy_method]
fn decode_borrowed(bytes: &[u8]) -> Result<String> {
    Ok(std::str::from_utf8(bytes)?.to_owned())
}

#[hpy_method]
fn boxed<'ctx>(function: &Handle<'ctx>) -> Result<()> {
    fn program(function: &Handle<'_>) -> std::result::Result<(), Box<dyn StdError + Send + Sync>> {
        function.call0()?;
        Err("a boxed message")?
    }
    program(function).map_err(Error::from_boxed)
}

// Exceptions caught in Rust.

/// Calls the function and forgets its exception; says whether there was one.
#[hpy_method]
fn catch(function: &Handle<'_>) -> bool {
    function.call0().is_err()
}

/// Goes on to work with Python after an exception.
#[hpy_method]
fn catch_and_go_on<'ctx>(ctx: Context<'ctx>, function: &Handle<'ctx>) -> Result<Handle<'ctx>> {
    let error = function.call0().err();
    let list = ctx.list(["a", "b"])?;
    let text = ctx.str(",")?.call_method1("join", (&list,))?;
    drop(error);
    Ok(text)
}

#[hpy_method]
fn caught<'ctx>(function: &Handle<'ctx>) -> Result<Handle<'ctx>> {
    match function.call0() {
        Ok(_) => Err(AssertionError::new("nothing was raised")),
        Err(error) => error.value(function.ctx()),
    }
}

/// Is the exception that the function raises an instance of the named type?
#[hpy_method]
fn raises_instance_of(function: &Handle<'_>, name: &str) -> Result<bool> {
    match function.call0() {
        Ok(_) => Err(AssertionError::new("nothing was raised")),
        Err(error) => for_exception!(name, |X| Ok(error.is_instance_of::<X>(function.ctx()))),
    }
}

/// Is an exception that was made in Rust and never raised an instance of the named type?
#[hpy_method]
fn unraised_is_instance_of(ctx: Context<'_>, name: &str) -> Result<bool> {
    let error = FileNotFoundError::new("not raised");
    for_exception!(name, |X| Ok(error.is_instance_of::<X>(ctx)))
}

#[hpy_method]
fn matches<'ctx>(function: &Handle<'ctx>, type_: &Handle<'ctx>) -> Result<bool> {
    match function.call0() {
        Ok(_) => Err(AssertionError::new("nothing was raised")),
        Err(error) => Ok(error.matches(function.ctx(), type_)),
    }
}

#[hpy_method]
fn reraise<'ctx>(function: &Handle<'ctx>) -> Result<Handle<'ctx>> {
    function.call0()
}

#[hpy_method]
fn reraise_through_value<'ctx>(function: &Handle<'ctx>) -> Result<Handle<'ctx>> {
    function
        .call0()
        .or_else(|error| Err(Error::from_value(&error.into_value(function.ctx())?)))
}

#[hpy_method]
fn raise_from<'ctx>(function: &Handle<'ctx>) -> Result<Handle<'ctx>> {
    function
        .call0()
        .map_err(|error| ValueError::new("outer").with_cause(error))
}

#[hpy_method]
fn raise_from_io_error() -> Result<()> {
    Err(ValueError::new("outer").with_cause(io::Error::from_raw_os_error(2)))
}

#[hpy_method]
fn cause<'ctx>(function: &Handle<'ctx>) -> Result<Option<Handle<'ctx>>> {
    let ctx = function.ctx();
    match function.call0() {
        Ok(_) => Err(AssertionError::new("nothing was raised")),
        Err(error) => error
            .cause(ctx)
            .map(|cause| cause.into_value(ctx))
            .transpose(),
    }
}

/// How errors look in Rust's own messages.
#[hpy_method]
fn describe(ctx: Context<'_>, function: &Handle<'_>) -> Vec<String> {
    let mut texts = vec![
        ValueError::new("a message").to_string(),
        format!("{:?}", ValueError::new("a message")),
        Error::from(io::Error::from_raw_os_error(2)).to_string(),
    ];
    if let Err(error) = function.call0() {
        texts.push(error.to_string());
        texts.push(format!("{error:?}"));
        let boxed: Box<dyn StdError + Send + Sync> = error.into();
        texts.push(boxed.to_string());
    }
    if let Err(error) = function.call0() {
        // Nobody can be asked without the interpreter.
        texts.push(ctx.detach(move || error.to_string()));
    }
    texts
}

// Errors that outlive their call.

static KEPT: Mutex<Option<Error>> = Mutex::new(None);

fn kept(error: Option<Error>) -> Option<Error> {
    // A test that failed must not make the next one fail too.
    let mut place = KEPT.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    std::mem::replace(&mut *place, error)
}

/// Keeps the exception of the function in a static.
#[hpy_method]
fn keep(function: &Handle<'_>) {
    drop(kept(function.call0().err()));
}

#[hpy_method]
fn raise_kept() -> Result<()> {
    kept(None).map_or(Ok(()), Err)
}

#[hpy_method]
fn drop_kept_on_a_thread() -> Result<()> {
    let error = kept(None);
    std::thread::spawn(move || drop(error))
        .join()
        .map_err(|_| AssertionError::new("the thread panicked"))
}

/// Any entry: what was dropped elsewhere is released here.
#[hpy_method]
fn enter() {}

// Panics.

#[hpy_method]
fn panic(message: &str) {
    panic!("{message}");
}

#[hpy_method]
fn panic_with_constant() {
    panic!("a constant message");
}

#[hpy_method]
fn panic_with_number() {
    std::panic::panic_any(42);
}

/// Dropping it panics.
struct Explosive;

impl Drop for Explosive {
    fn drop(&mut self) {
        panic!("the payload's own panic");
    }
}

#[hpy_method]
fn panic_with_explosive() {
    std::panic::panic_any(Explosive);
}

/// Dropping it panics with another one, to a depth.
struct Fuse(u32);

impl Drop for Fuse {
    fn drop(&mut self) {
        if self.0 > 0 {
            std::panic::panic_any(Fuse(self.0 - 1));
        }
    }
}

#[hpy_method]
fn panic_with_fuse(length: u32) {
    std::panic::panic_any(Fuse(length));
}

/// Its data panics when it is dropped.
#[hpy_type]
struct Loud {
    _explosive: Explosive,
}

/// Drops what panics, and then unwinds without a place of its own.
#[hpy_method]
fn resume_after_drop(ctx: Context<'_>, of: &str) -> Result<()> {
    match of {
        "object" => drop(ctx.instance(Loud {
            _explosive: Explosive,
        })?),
        "capsule" => drop(ctx.capsule(c"errors.explosive", Explosive)?),
        _ => {}
    }
    std::panic::resume_unwind(Box::new("resumed"))
}

#[hpy_method]
fn index_out_of_range(items: Vec<i64>, index: usize) -> i64 {
    items[index]
}

/// Panics between two handles, after an exception was caught, while arguments are borrowed.
#[hpy_method]
fn panic_with_open_handles<'ctx>(ctx: Context<'ctx>, function: &Handle<'ctx>) -> Result<()> {
    let text = ctx.str("a handle")?;
    let error = function.call0().err();
    let numbers = ctx.list([1, 2, 3])?;
    assert!(
        numbers.len() == 4,
        "{text} of {} items, {error:?}",
        numbers.len()
    );
    Ok(())
}

/// A panic that Rust catches itself.
#[hpy_method]
fn caught_panic() -> bool {
    std::panic::catch_unwind(|| panic!("caught in Rust")).is_err()
}

hpy_module! {
    /// Exceptions and panics across the boundary.
    name: errors,
    methods: [
        raise_named, raise_value_error, raise_from_type, raise_value, open, io_error_of_kind,
        io_error_of_number, chain, parse, narrow, decode, decode_borrowed, boxed, catch,
        catch_and_go_on, caught, raises_instance_of, unraised_is_instance_of, matches, reraise,
        reraise_through_value, raise_from, raise_from_io_error, cause, describe, keep, raise_kept,
        drop_kept_on_a_thread, enter, panic, panic_with_constant, panic_with_number,
        panic_with_explosive, panic_with_fuse, resume_after_drop, index_out_of_range,
        panic_with_open_handles, caught_panic, user_code::take_i64, user_code::take_u64,
        user_code::take_u8, user_code::take_i128, user_code::take_f64, user_code::take_integers,
        user_code::take_floats, user_code::take_bytes, user_code::take_lists, user_code::take_array,
        user_code::take_pair, user_code::take_map, user_code::take_sorted_map, user_code::take_set,
        user_code::take_path, user_code::take_maybe, user_code::take_server, user_code::take_named,
        user_code::take_either, user_code::take_buffer, user_code::take_bytes_like,
        user_code::take_all, reports::anyhow_port, eyre_reports::eyre_port, reports::layers,
        eyre_reports::eyre_layers, reports::raised_below, eyre_reports::eyre_raised_below,
        reports::raised_above, reports::raised_alone, reports::as_hpy_error,
        reports::by_question_mark, reports::finds_exception, reports::keep_report,
        reports::raise_kept_report, reports::none, reports::later_port,
    ],
    types: [user_code::Taker, Loud, reports::Reporter],
}
