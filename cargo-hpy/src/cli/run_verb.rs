//! `cargo hpy run`.

use std::ffi::OsString;
use std::process::{Command, ExitCode};

use clap::Args;

use super::{AbiName, What, choose_abi};
use crate::environment::Source;
use crate::error::{Error, Result};
use crate::modes::{Mode, mode_command};
use crate::run::main_file;
use crate::target::Target;
use crate::{Abi, BuildRequest, Interpreter, Out, build, run_command};

/// A mode of HPy, in which the program is run.
#[derive(Clone, Copy, Debug, Args)]
pub(super) struct Modes {
    /// Run in HPy's debug mode, in the universal ABI: report handles that were leaked or misused,
    /// with their lines in Rust. The exit code is 1 if there are any.
    #[arg(long)]
    debug: bool,
    /// Run in HPy's trace mode, in the universal ABI: count and time the calls of HPy's functions.
    #[arg(long, conflicts_with = "debug")]
    trace: bool,
}

impl Modes {
    pub(super) fn chosen(self) -> Option<Mode> {
        match (self.debug, self.trace) {
            (true, _) => Some(Mode::Debug),
            (_, true) => Some(Mode::Trace),
            _ => None,
        }
    }
}

pub(super) fn run(what: &What, mode: Option<Mode>, arguments: &[OsString]) -> Result<ExitCode> {
    let manifest = what.manifest()?;
    main_file(&what.folder)?;
    let target = what.target()?;
    let interpreter = what.interpreter(target.as_ref())?;
    if interpreter.path.as_os_str().is_empty() {
        return Err(
            Error::new("--python-version names no interpreter that could run main.py")
                .advise("name one with --python, or only build, with cargo hpy build"),
        );
    }
    if let Some(mode) = mode {
        return run_in_mode(what, mode, target.as_ref(), &interpreter, arguments);
    }
    let abi = choose_abi(what.abi, &interpreter)?;
    // A universal extension carries a runtime. The package hpy is needed only for the modes that
    // HPY selects. Checked before the build, because a build that cannot run is a waste of time.
    let mode = std::env::var_os("HPY").is_some_and(|mode| !mode.is_empty());
    let source = match abi {
        Abi::Universal | Abi::Hybrid(_) if mode => Some(Source::of(&interpreter)?),
        Abi::Universal | Abi::Hybrid(_) | Abi::CPython(_) => None,
    };
    let mut request = BuildRequest::new(manifest, abi);
    request.release = what.release;
    request.triple = target.map(|target| target.triple().to_owned());
    request.out = Out::Private;
    let built = build(&request)?;
    let more = match source.map(|source| source.provide(&interpreter, &built.target)) {
        Some(folder) => folder?.into_iter().collect(),
        None => Vec::new(),
    };
    let package = &built.packages[0];
    become_command(
        run_command(&interpreter, package, &more, arguments)?,
        &interpreter,
    )
}

fn run_in_mode(
    what: &What,
    mode: Mode,
    target: Option<&Target>,
    interpreter: &Interpreter,
    arguments: &[OsString],
) -> Result<ExitCode> {
    let abi = match what.abi {
        Some(AbiName::Cpython) => return Err(no_mode_in_the_cpython_abi(mode)),
        Some(AbiName::Hybrid) => choose_abi(what.abi, interpreter)?,
        Some(AbiName::Universal) | None => Abi::Universal,
    };
    let source = Source::of_mode(interpreter, mode)?;
    let mut request = BuildRequest::new(what.manifest()?, abi);
    request.release = what.release;
    request.triple = target.map(|target| target.triple().to_owned());
    request.out = Out::Private;
    let built = build(&request)?;
    let hpy = source.provide(interpreter, &built.target)?;
    let package = &built.packages[0];
    become_command(
        mode_command(interpreter, package, mode, hpy.as_deref(), arguments)?,
        interpreter,
    )
}

/// Nothing can stand between such an extension and CPython.
pub(in crate::cli) fn no_mode_in_the_cpython_abi(mode: Mode) -> Error {
    Error::new(format!(
        "the CPython ABI has no {} mode: such an extension calls CPython itself",
        mode.name()
    ))
    .advise("leave out --abi, or use --abi universal")
}

/// Python replaces this process, so that its exit code and signals are the command's.
#[cfg(unix)]
fn become_command(mut command: Command, interpreter: &Interpreter) -> Result<ExitCode> {
    use std::os::unix::process::CommandExt;
    Err(Error::io("run", &interpreter.path, command.exec()))
}

/// Not tested.
#[cfg(not(unix))]
fn become_command(mut command: Command, interpreter: &Interpreter) -> Result<ExitCode> {
    let status = command
        .status()
        .map_err(|error| Error::io("run", &interpreter.path, error))?;
    Ok(ExitCode::from(
        status
            .code()
            .and_then(|code| u8::try_from(code).ok())
            .unwrap_or(1),
    ))
}
