//! Arguments, groups, panics that come back, signals: see `test_values.py`.

use hpy::exceptions::{
    Argument, BaseExceptionGroup, ExceptionArgument, ExceptionGroup, KeyError, OSError,
    PanicException, StopIteration, SystemExit, TypeError, UnicodeDecodeError, ValueError,
};
use hpy::prelude::*;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

hpy::import_exception! {
    /// What `json.loads` raises.
    pub json.decoder, JSONDecodeError
}
hpy::import_exception!(pub socket, gaierror);
hpy::import_exception!(exceptions_that_are_not_there, Missing);
hpy::import_exception!(json, JSONDecoder);

exception!(pub TheirError: gaierror, "Its base is imported.");

/// A value of one's own, which panics when it is dropped.
#[derive(Clone)]
struct Port(u16);

impl<'ctx> IntoHandle<'ctx> for Port {
    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        self.0.into_handle(ctx)
    }
}

impl ExceptionArgument for Port {
    fn into_argument(self) -> Argument {
        Argument::new(self)
    }
}

/// Dropping one panics, and what it panics with does so too.
#[derive(Clone, Debug)]
struct Loud;

impl Drop for Loud {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            std::panic::panic_any(Loud);
        }
    }
}

impl<'ctx> IntoHandle<'ctx> for Loud {
    fn into_handle(self, _: Context<'ctx>) -> Result<Handle<'ctx>> {
        std::mem::forget(self);
        Err(TypeError::new("it does not convert"))
    }
}

fn error_of<'ctx>(kind: &str, object: &Handle<'ctx>) -> Result<Error> {
    Ok(match kind {
        "object" => KeyError::new(object),
        "owned" => KeyError::new(object.dup()),
        "persistent" => KeyError::new(Persistent::new(object)?),
        "none" => StopIteration::new(()),
        "number" => SystemExit::new(3),
        "value" => StopIteration::new((object,)),
        "errno" => OSError::new((2, "no such file", PathBuf::from("settings"))),
        "decode" => UnicodeDecodeError::new(("utf-8", object, 0, 1, "bad byte")),
        "own" => ValueError::new(("refused", Port(80))),
        "options" => ValueError::new((Some(1), None::<i64>, vec!["a".to_owned()], 1.5, true, 'x')),
        "error" => ValueError::new(KeyError::new(object)),
        "wrong" => UnicodeDecodeError::new("one text"),
        "loud" => ValueError::new((Argument::new(Loud), "text")),
        "imported" => JSONDecodeError::new(("bad", "text", 2)),
        "imported text" => gaierror::new("no host"),
        "derived" => TheirError::new((8, "no such host")),
        "not there" => Missing::new("text"),
        "no exception" => JSONDecoder::new("text"),
        "tuple" => KeyError::new((object, "two")),
        _ => return Err(ValueError::new(format!("no error of kind {kind}"))),
    })
}

#[hpy_method]
pub fn raise_value_of(kind: &str, object: &Handle<'_>) -> Result<()> {
    Err(error_of(kind, object)?)
}

/// The text of an error that was not raised.
#[hpy_method]
pub fn shown(kind: &str, object: &Handle<'_>) -> Result<String> {
    Ok(error_of(kind, object)?.to_string())
}

/// The value twice, that of a second error for the same exception, and then it is raised.
#[hpy_method]
pub fn values_of<'ctx>(
    ctx: Context<'ctx>,
    kind: &str,
    object: &Handle<'ctx>,
    seen: &Handle<'ctx, List>,
) -> Result<()> {
    let error = error_of(kind, object)?
        .with_note("one")
        .with_cause(KeyError::new("cause"));
    seen.append(error.value(ctx)?)?;
    let error = error.with_note("two");
    seen.append(error.value(ctx)?)?;
    seen.append(error.dup(ctx).into_value(ctx)?)?;
    Err(error)
}

#[hpy_method]
pub fn raise_group(ctx: Context<'_>, functions: Vec<Persistent>, base: bool) -> Result<()> {
    let mut errors = Vec::new();
    for function in functions {
        if let Err(error) = function.get(ctx)?.call0() {
            errors.push(error);
        }
    }
    errors.push(ValueError::new("from Rust"));
    Err(if base {
        BaseExceptionGroup::new(("several", errors))
    } else {
        ExceptionGroup::new(("several", errors))
    })
}

/// The texts of the errors in the group that the function raises; None if it is none.
#[hpy_method]
pub fn texts_of_group<'ctx>(
    ctx: Context<'ctx>,
    function: &Handle<'ctx>,
) -> Result<Option<Vec<String>>> {
    let Err(error) = function.call0() else {
        return Ok(None);
    };
    let Some(errors) = error.exceptions(ctx)? else {
        return Ok(None);
    };
    let texts = errors.iter().map(|error| {
        let value = error.value(ctx)?;
        value.repr()?.extract()
    });
    texts.collect::<Result<_>>().map(Some)
}

/// What `except* KeyError` handles and leaves of what the function raises.
#[hpy_method]
pub fn split<'ctx>(
    ctx: Context<'ctx>,
    function: &Handle<'ctx>,
    by: Option<&Handle<'ctx>>,
) -> Result<Vec<Option<Handle<'ctx>>>> {
    let Err(error) = function.call0() else {
        return Ok(Vec::new());
    };
    let (found, rest) = match by {
        Some(type_) => error.split_by(ctx, type_)?,
        None => error.split::<KeyError>(ctx)?,
    };
    [found, rest]
        .into_iter()
        .map(|error| error.map(|error| error.into_value(ctx)).transpose())
        .collect()
}

// Panics.

#[hpy_method]
pub fn panic_with(message: &str) {
    panic!("{message}");
}

/// Whether the thread unwinds.
struct Unwinding<'a>(&'a std::cell::Cell<bool>);

impl Drop for Unwinding<'_> {
    fn drop(&mut self) {
        self.0.set(std::thread::panicking());
    }
}

/// Calls the function, and forgets all errors. What unwinds is caught, and told.
#[hpy_method]
pub fn caught_in_rust<'ctx>(
    ctx: Context<'ctx>,
    function: &Handle<'ctx>,
    how: &str,
) -> Result<(bool, Option<String>)> {
    let unwinding = std::cell::Cell::new(false);
    let caught = catch_unwind(AssertUnwindSafe(|| -> Result<()> {
        let _unwinding = Unwinding(&unwinding);
        let _held = ctx.list([1, 2])?;
        match how {
            "call" => drop(function.call0()),
            "method" => drop(function.call_method0("__call__")),
            "macro" => drop(hpy::call!(function)),
            "attribute" => drop(function.getattr("panics")),
            "iterate" => {
                for item in function.iter()? {
                    drop(item);
                }
            }
            "item" => drop(function.get_item(0)),
            "compare" => drop(function.eq(1)),
            "repr" => drop(function.repr()),
            "add" => drop(function.add(1)),
            _ => return Err(ValueError::new("how?")),
        }
        Ok(())
    }));
    match caught {
        Ok(done) => done.map(|()| (unwinding.get(), None)),
        Err(payload) => {
            let text = payload.downcast::<String>().map(|text| *text);
            Ok((unwinding.get(), text.ok()))
        }
    }
}

/// Calls the function and forgets all errors. A panic is none.
#[hpy_method]
pub fn forget_errors(function: &Handle<'_>) {
    drop(function.call0());
}

/// Calls the function while the thread panics.
struct Calls<'a, 'ctx>(&'a Handle<'ctx>);

impl Drop for Calls<'_, '_> {
    fn drop(&mut self) {
        drop(self.0.call0());
    }
}

#[hpy_method]
pub fn call_while_panicking(function: &Handle<'_>) {
    let _calls = Calls(function);
    panic!("the first");
}

#[hpy_method]
pub fn raise_panic_exception<'ctx>(
    ctx: Context<'ctx>,
    exception: Option<&Handle<'ctx>>,
) -> Result<bool> {
    match exception {
        None => Err(PanicException::new("made in Rust")),
        Some(exception) => Ok(Error::from_value(exception).is_instance_of::<PanicException>(ctx)),
    }
}

// Signals.

/// Says that it is ready, and runs until a handler raises: what that is. It gives up after the
/// seconds.
#[hpy_method]
pub fn wait_for_signal<'ctx>(ctx: Context<'ctx>, seconds: f64) -> Result<Option<Handle<'ctx>>> {
    let started = std::time::Instant::now();
    writeln!(std::io::stdout(), "ready")?;
    while started.elapsed().as_secs_f64() < seconds {
        if let Err(error) = ctx.check_signals() {
            return error.into_value(ctx).map(Some);
        }
    }
    Ok(None)
}

/// How often `check_signals` raised nothing.
#[hpy_method]
pub fn check_signals(ctx: Context<'_>, times: u64) -> Result<u64> {
    for _ in 0..times {
        ctx.check_signals()?;
    }
    Ok(times)
}

/// An error with an error as an argument, and so on.
#[hpy_method]
pub fn raise_nested(depth: usize, in_groups: bool) -> Result<()> {
    let mut error = ValueError::new("innermost");
    for _ in 0..depth {
        error = match in_groups {
            true => ValueError::new(("list", vec![error])),
            false => ValueError::new(("one", error)),
        };
    }
    Err(error)
}
