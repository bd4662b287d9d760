//! `hpy.universal`: the module by which Python loads universal HPy extensions. One binary serves
//! every CPython.
//!
//! It is itself like a universal binary: a native extension by its `PyInit_universal`, which brings
//! its runtime along and finds CPython's API when it is imported. Installed as
//! `hpy/universal/__init__.so`, it is imported by every CPython on Linux. The contexts that it
//! hands out are this project's own.

mod binary;
mod debug;
mod loading;

mod mode;
mod numbers;
mod object_handles;
mod offer;
mod special_methods;
mod thread_pointer;
mod trace;

use core::ffi::CStr;
use debug::*;
use hpy::exceptions::{AttributeError, KeyError, ValueError};
use hpy::prelude::*;
use hpy::sys::interpreters::set_refusal;
use hpy::sys::{WORDS, WordKind};
use loading::load_module;
use mode::Mode;
use trace::{set_trace_function, trace_clock, trace_function_times, trace_results, trace_totals};

/// The version as `get_version` tells it. What stands before the plus is the API that the contexts
/// have: that of HPy's last development versions, with all 276 words.
const VERSION: &str = concat!("0.9.1+hpy.rs.", env!("CARGO_PKG_VERSION"));

/// The revision of the sources, where the build was told of it.
const REVISION: &str = match option_env!("HPY_REVISION") {
    Some(revision) => revision,
    None => "unknown",
};

/// Loads a universal HPy extension: the module NAME of the file PATH.
///
/// spec is the module's import spec. mode is one of the constants MODE_UNIVERSAL, MODE_DEBUG,
/// MODE_TRACE; from 1 on it stands before debug. The module is not put into sys.modules.
#[hpy_method(signature = (name, path, spec, debug = None, mode = -1))]
fn load<'ctx>(
    ctx: Context<'ctx>,
    name: &Handle<'ctx, Str>,
    path: &Handle<'ctx, Str>,
    spec: &Handle<'ctx>,
    debug: Option<Handle<'ctx>>,
    mode: i32,
) -> Result<Handle<'ctx>> {
    let debug = debug.map_or(Ok(false), |debug| debug.is_truthy())?;
    let mode = match (mode, debug) {
        (..=0, false) => Mode::Universal,
        (..=0, true) => Mode::Debug,
        (number, _) => Mode::from_number(number)
            .ok_or_else(|| ValueError::new(format!("invalid HPy mode: {number}")))?,
    };
    let name = name.to_str()?;
    load_module(ctx, name, name, path, spec, mode)
}

/// Loads a universal HPy extension for the Python file beside it, in the mode that env asks for.
#[hpy_method(
    name = "_load_bootstrap",
    signature = (name, ext_name, package, file, loader, spec, env),
)]
#[allow(clippy::too_many_arguments)] // HPy's files pass all of them.
fn load_bootstrap<'ctx>(
    ctx: Context<'ctx>,
    name: &Handle<'ctx, Str>,
    ext_name: &Handle<'ctx>,
    package: &Handle<'ctx>,
    file: &Handle<'ctx, Str>,
    loader: &Handle<'ctx>,
    spec: &Handle<'ctx>,
    env: &Handle<'ctx>,
) -> Result<Handle<'ctx>> {
    let short = name.to_str()?;
    let dotted = match ext_name.downcast::<Str>() {
        Ok(dotted) => dotted.to_str()?,
        Err(_) => short,
    };
    let mode = match variable(env, "HPY")? {
        None => Mode::Universal,
        Some(value) => {
            let value = value.downcast::<Str>()?;
            Mode::from_variable(value.to_str()?, [short, dotted]).map_err(|invalid| {
                ValueError::new(format!(
                    "invalid HPy mode: {invalid} (HPY is universal, debug or trace, or for \
                         each of several modules NAME:MODE,NAME:MODE)"
                ))
            })?
        }
    };
    if variable(env, "HPY_LOG")?.is_some() {
        let line = format!(
            "Loading '{short}' in HPy universal mode{}",
            mode.log_words()
        );
        let _ = ctx.builtins().get_item("print")?.call1((line,))?;
    }
    let module = load_module(ctx, short, dotted, file, spec, mode)?;
    set(&module, "__file__", file)?;
    set(&module, "__loader__", loader)?;
    set(&module, "__name__", ext_name)?;
    set(&module, "__package__", package)?;
    set(spec, "origin", file)?;
    set(&module, "__spec__", spec)?;
    Ok(module)
}

/// The version of this runtime and the revision of its sources.
#[hpy_method]
fn get_version() -> (&'static str, &'static str) {
    (VERSION, REVISION)
}

/// The submodules that HPy has as attributes, imported when somebody asks for them.
#[hpy_method(name = "__getattr__")]
fn get_attribute<'ctx>(ctx: Context<'ctx>, name: &str) -> Result<Handle<'ctx>> {
    if name == "_trace" {
        return Ok(ctx.import(&format!("hpy.universal.{name}"))?.into_object());
    }
    Err(AttributeError::new(format!(
        "module 'hpy.universal' has no attribute '{name}'"
    )))
}

/// An item of a mapping, such as `os.environ`, if it has that.
fn variable<'ctx>(env: &Handle<'ctx>, name: &str) -> Result<Option<Handle<'ctx>>> {
    match env.get_item(name) {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.is_instance_of::<KeyError>(env.ctx()) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Sets an attribute, if the object takes it: what a module's own creator made need not.
fn set<'ctx, T>(object: &Handle<'ctx>, name: &str, value: &Handle<'ctx, T>) -> Result<()> {
    match object.setattr(name, value.as_object()) {
        Err(error) if !error.is_instance_of::<AttributeError>(object.ctx()) => Err(error),
        _ => Ok(()),
    }
}

/// The context's functions in their order, by the names that trace mode has for them.
#[hpy_method(name = "_function_names")]
fn function_names() -> Vec<&'static str> {
    let is_handle = |kind| matches!(kind, WordKind::data | WordKind::new_data);
    let functions = WORDS.iter().filter(|word| !is_handle(word.kind));
    functions.map(|word| word.name).collect()
}

/// Authors in C have no say in it: HPy has no way to promise more.
const REFUSAL: &CStr = c"module '%s' is for one interpreter of a process, and another one has \
    imported it: extensions of HPy in C work in one only, with hpy.universal itself; import it in \
    the main interpreter, or start a process for each";

fn fill(_module: &Handle<'_, Module>) -> Result<()> {
    // SAFETY: the name stands in the text once, and nothing else does.
    unsafe { set_refusal(REFUSAL) };
    offer::offer();
    Ok(())
}

hpy_module! {
    /// Loads universal HPy extensions: the runtime of HPy for Rust.
    name: universal,
    methods: [
        load, load_bootstrap, get_version, get_attribute, function_names,
        set_trace_function,
        trace_clock,
        trace_function_times,
        trace_results,
        trace_totals,
    ],
    constants: {
        MODE_UNIVERSAL: Mode::Universal as i32,
        MODE_DEBUG: Mode::Debug as i32,
        MODE_TRACE: Mode::Trace as i32,
    },
    submodules: {
        /// HPy's debug mode: the handles of extensions that are loaded in it.
        _debug: {
            methods: [
                new_generation,
                get_open_handles,
                get_closed_handles,
                get_closed_handles_queue_max_size,
                set_closed_handles_queue_max_size,
                get_protected_raw_data_max_size,
                set_protected_raw_data_max_size,
                set_on_invalid_handle,
                set_on_invalid_builder_handle,
                set_handle_stack_trace_limit,
                last_invalid,
            ],
            types: [DebugHandle],
        },
    },
    exec: fill,
    // The extensions in C that it loads have not said that they can do without.
    gil: used,
}
