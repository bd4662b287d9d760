//! An extension's own exceptions, and what these have beyond a message: see `test_exceptions.py`.

mod values;

use hpy::exceptions::{
    Exception, KeyError, LookupError, ResourceWarning, TypeError, UserWarning, ValueError,
};
use hpy::prelude::*;
use hpy::{bail, ensure};

exception! {
    /// What is wrong with a text.
    ///
    /// With a second paragraph.
    pub ParseError: ValueError
}

exception!(MissingKey: (ParseError, KeyError), "A text lacks something.");

exception!(Bare: Exception);

exception!(Habit: UserWarning, "Something that is unusual.");

exception!(Unlisted: ParseError, "Not in the module.");

exception!(Hen: Egg, "Comes from an Egg.");

exception!(Egg: Hen, "Comes from a Hen.");

#[hpy_method]
fn parse(text: &str) -> Result<i64> {
    text.parse()
        .map_err(|error| err!(ParseError, "{error}: {text:?}"))
}

/// Raises an exception of the type.
#[hpy_method]
fn raise_custom(name: &str, message: String) -> Result<()> {
    Err(match name {
        "ParseError" => ParseError::new(message),
        "MissingKey" => MissingKey::new(message),
        "Bare" => Bare::new(message),
        "Unlisted" => Unlisted::new(message),
        "Hen" => Hen::new(message),
        _ => return Err(LookupError::new("no such exception")),
    })
}

#[hpy_method(signature = (*args))]
fn raise_with_args<'ctx>(ctx: Context<'ctx>, args: &Handle<'ctx, Tuple>) -> Result<()> {
    Err(MissingKey::with_args(ctx, args))
}

#[hpy_method]
fn type_of_unlisted<'ctx>(ctx: Context<'ctx>) -> Result<Handle<'ctx, Type>> {
    Unlisted::type_object(ctx)
}

/// The names of the types that the exception which `function` raises is of.
#[hpy_method]
fn kinds<'ctx>(ctx: Context<'ctx>, function: &Handle<'ctx>) -> Result<Vec<&'static str>> {
    let Err(error) = function.call0() else {
        return Ok(Vec::new());
    };
    let mut kinds = Vec::new();
    if error.is_instance_of::<ParseError>(ctx) {
        kinds.push("ParseError");
    }
    if error.is_instance_of::<MissingKey>(ctx) {
        kinds.push("MissingKey");
    }
    if error.is_instance_of::<Bare>(ctx) {
        kinds.push("Bare");
    }
    if error.is_instance_of::<KeyError>(ctx) {
        kinds.push("KeyError");
    }
    Ok(kinds)
}

/// An exception as a parameter's type.
#[hpy_method]
fn args_of<'ctx>(exception: &Handle<'ctx, ParseError>) -> Result<Handle<'ctx, Tuple>> {
    exception.args()
}

#[hpy_method]
fn half(number: i64) -> Result<i64> {
    ensure!(number >= 0, ValueError, "no negative numbers");
    if number % 2 != 0 {
        bail!(Bare, "{number} is {}", "odd");
    }
    Ok(number / 2)
}

/// A message with an object's `str` and `repr`.
#[hpy_method]
fn describe(object: &Handle<'_>) -> Result<()> {
    Err(err!(TypeError, "{object} is {object:?}"))
}

#[hpy_method(signature = (category, message, stack_level = 1))]
fn warn(ctx: Context<'_>, category: &str, message: &str, stack_level: isize) -> Result<()> {
    match category {
        "Habit" => ctx.warn::<Habit>(message, stack_level),
        "ResourceWarning" => ctx.warn::<ResourceWarning>(message, stack_level),
        "ParseError" => ctx.warn::<ParseError>(message, stack_level),
        _ => Err(LookupError::new("no such category")),
    }
}

#[hpy_method]
fn warn_of<'ctx>(ctx: Context<'ctx>, category: &Handle<'ctx, Type>, message: &str) -> Result<()> {
    ctx.warn_of(category, message, 1)
}

/// Calls the function and adds notes to what it raises.
#[hpy_method]
fn with_notes<'ctx>(function: &Handle<'ctx>, notes: Vec<String>) -> Result<Handle<'ctx>> {
    function.call0().map_err(|error| {
        notes
            .into_iter()
            .fold(error, |error, note| error.with_note(note))
    })
}

/// Raises ParseError with notes, from Rust alone.
#[hpy_method]
fn raise_noted() -> Result<()> {
    Err(ParseError::new("first").with_note("note"))
}

/// ParseError from what the function raises.
#[hpy_method]
fn chain<'ctx>(ctx: Context<'ctx>, function: &Handle<'ctx>, how: &str) -> Result<Handle<'ctx>> {
    function.call0().map_err(|error| match how {
        "cause" => ParseError::new("outer").with_cause(error),
        _ => ParseError::new("outer").with_context(ctx, error),
    })
}

/// Cause, context, whether there is a traceback.
#[hpy_method]
fn parts<'ctx>(
    ctx: Context<'ctx>,
    function: &Handle<'ctx>,
) -> Result<(Option<Handle<'ctx>>, Option<Handle<'ctx>>, bool)> {
    let Err(error) = function.call0() else {
        return Err(ValueError::new("nothing was raised"));
    };
    let part = |part: Option<Error>| part.map(|part| part.into_value(ctx)).transpose();
    Ok((
        part(error.cause(ctx))?,
        part(error.context(ctx))?,
        error.traceback(ctx).is_some(),
    ))
}

/// What Python would print of it, and what `{:#}` shows.
#[hpy_method]
fn format<'ctx>(ctx: Context<'ctx>, function: &Handle<'ctx>) -> Result<(String, String)> {
    let Err(error) = function.call0() else {
        return Err(ValueError::new("nothing was raised"));
    };
    Ok((error.format(ctx)?, format!("{error:#}")))
}

#[hpy_method(signature = (function, object = None))]
fn report<'ctx>(ctx: Context<'ctx>, function: &Handle<'ctx>, object: Option<&Handle<'ctx>>) {
    if let Err(error) = function.call0() {
        error.write_unraisable(ctx, object);
    }
}

/// Calls the function, and again if it raises any Exception.
#[hpy_method]
fn retry<'ctx>(ctx: Context<'ctx>, function: &Handle<'ctx>) -> Result<Handle<'ctx>> {
    match function.call0() {
        Err(error) if error.is_instance_of::<Exception>(ctx) => function.call0(),
        result => result,
    }
}

/// Through a boxed error and back.
#[hpy_method]
fn boxed<'ctx>(function: &Handle<'ctx>) -> Result<Handle<'ctx>> {
    fn library<'ctx>(
        function: &Handle<'ctx>,
    ) -> core::result::Result<Handle<'ctx>, Box<dyn std::error::Error + Send + Sync>> {
        Ok(function.call0()?)
    }
    library(function).map_err(Error::from_boxed)
}

/// An error that is made in Rust, in an argument or in the function.
#[hpy_method(name = "traced_parse", traceback)]
fn parse_in_rust(text: &str) -> Result<i64> {
    Ok(text.parse()?)
}

/// An exception of Python's that passes through Rust.
#[hpy_method(traceback)]
fn traced_call<'ctx>(function: &Handle<'ctx>) -> Result<Handle<'ctx>> {
    function.call0()
}

/// An entry for a function that is no method, below the method's own.
#[hpy_method(traceback)]
fn traced_below<'ctx>(ctx: Context<'ctx>) -> Result<()> {
    Err(ValueError::new("below").at(ctx, "Parser::next"))
}

hpy_module! {
    name: exceptions,
    methods: [
        parse, raise_custom, raise_with_args, type_of_unlisted, kinds, args_of, half, describe,
        warn, warn_of, with_notes, raise_noted, chain, parts, format, report, retry, boxed,
        parse_in_rust, traced_call, traced_below, values::raise_value_of, values::shown,
        values::values_of, values::raise_group, values::texts_of_group, values::split,
        values::panic_with, values::caught_in_rust, values::forget_errors,
        values::call_while_panicking, values::raise_panic_exception, values::wait_for_signal,
        values::check_signals, values::raise_nested,
    ],
    exceptions: [ParseError, MissingKey, Bare, Habit, values::TheirError],
}
