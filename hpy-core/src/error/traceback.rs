//! Entries of tracebacks for Rust functions.
//!
//! Rust's functions have no frames. What every interpreter has in common is that a Python function
//! which raises gets an entry: so one is compiled, with the Rust function's name, file and line,
//! and the exception is raised within it.

use super::Error;
use crate::backend::quirks::Quirk;
use crate::python::CompileMode;
use crate::types::Object;
use crate::{Cached, Context, Handle, Result};
use core::panic::Location;

/// A Rust function as a traceback shows it, in a static.
pub struct Place {
    function: &'static str,
    file: &'static str,
    line: u32,
    raiser: Cached,
}

impl Place {
    /// For a static.
    pub const fn new(function: &'static str, file: &'static str, line: u32) -> Self {
        Self {
            function,
            file,
            line,
            raiser: Cached::new(),
        }
    }
}

/// The error with an entry for the place: what `#[hpy_method(traceback)]` does with each.
#[cold]
#[inline(never)]
pub fn in_place(ctx: Context<'_>, error: Error, place: &'static Place) -> Error {
    let raiser = place
        .raiser
        .get_or_init(ctx, || raiser(ctx, place.function, place.file, place.line));
    match raiser {
        Ok(raiser) => error.raised_by(ctx, &raiser),
        // The error matters more than its traceback.
        Err(_) => error,
    }
}

impl Error {
    /// The same error with one more entry in its traceback, as if a Python function had raised it,
    /// or let it through: `function`, with file and line of this call.
    ///
    /// It takes some ten microseconds. `#[hpy_method(traceback)]` does the same for all errors of a
    /// method. PyPy 7.3.19's own HPy raises exceptions without the traceback that they have: there
    /// it changes nothing.
    ///
    /// ```
    /// # use hpy::prelude::*;
    /// fn read<'ctx>(ctx: Context<'ctx>, path: &str) -> Result<String> {
    ///     std::fs::read_to_string(path).map_err(|error| Error::from(error).at(ctx, "read"))
    /// }
    /// ```
    #[cold]
    #[track_caller]
    pub fn at(self, ctx: Context<'_>, function: &str) -> Self {
        let here = Location::caller();
        match raiser(ctx, function, here.file(), here.line()) {
            Ok(raiser) => self.raised_by(ctx, &raiser),
            Err(_) => self,
        }
    }

    #[inline(never)]
    fn raised_by<'ctx>(self, ctx: Context<'ctx>, raiser: &Handle<'ctx>) -> Self {
        let raised = self.value(ctx).and_then(|value| {
            let context = value.getattr(c"__context__")?;
            match raiser.call1((&value, context)) {
                Err(raised) if raised.value(ctx)?.is(&value) => Ok(raised),
                _ => Ok(Self::of_exception(&value)),
            }
        });
        raised.unwrap_or(self)
    }
}

/// A function that raises what it is given, from a line of that file.
///
/// `raise` makes what is just being handled the context of the exception, in place of the one that
/// it may have. And the frame would keep the exception that keeps the frame.
fn raiser<'ctx>(
    ctx: Context<'ctx>,
    function: &str,
    file: &str,
    line: u32,
) -> Result<Handle<'ctx, Object>> {
    const BODY: &str = "(error, context):
 try: raise error
 finally:
  if context is not None: error.__context__ = context
  del error, context
";
    const NAMING: &str = "function.__code__ = function.__code__.replace(co_name=name)\n";
    let mut source = "\n".repeat(line.saturating_sub(2) as usize);
    if ctx.has(Quirk::RENAMED_CODE_IS_LOST) {
        // As far as a name in Python can be it.
        let letter = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
        let name: String = function.chars().map(letter).collect();
        source += &format!("def {name}{BODY}function = {name}\n");
    } else {
        source += "def function";
        source += BODY;
        source += NAMING;
    }
    let globals = ctx.dict()?;
    globals.set_item("name", function)?;
    let code = ctx.compile(&source, file, CompileMode::Exec)?;
    code.eval(Some(&globals), None).map(drop)?;
    match globals.get("function")? {
        Some(function) => Ok(function),
        None => Err(crate::exceptions::RuntimeError::new("no function")),
    }
}
