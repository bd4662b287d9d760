//! HPy's debug and trace mode, for `cargo hpy run --debug` and its like.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::build::BuiltPackage;
use crate::error::{Error, Result};
use crate::python_package::{python_package_for, sources};
use crate::run::{main_file, search_path};
use crate::{Implementation, Interpreter};

/// A mode that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Debug,
    Trace,
}

impl Mode {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Mode::Debug => "debug",
            Mode::Trace => "trace",
        }
    }
}

/// Runs `main.py` by the command of `hpy.debug` or `hpy.trace`, with the private folder first on
/// the module search path.
///
/// An interpreter with its own HPy has no such command. Then the command is loaded from its folder.
const START: &str = "\
import importlib.util, sys
_, name, folder, *search = sys.argv[:5]
if folder:
    spec = importlib.util.spec_from_file_location(
        name, folder + '/__init__.py', submodule_search_locations=[folder])
    sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(sys.modules[name])
command = importlib.import_module(name + '.command')
sys.exit(command.main(sys.argv[5:], search))
";

/// Who provides the mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Host {
    /// This project's package `hpy`, built from the checkout.
    Package,
    /// The interpreter itself.
    Interpreter,
}

impl Host {
    /// Detects who has the mode, which may start the interpreter.
    ///
    /// # Errors
    ///
    /// If nobody has it. The error names interpreters that can be used instead.
    pub(crate) fn of(interpreter: &Interpreter, mode: Mode) -> Result<Self> {
        // The reports are in the checkout too.
        sources()?;
        if interpreter.implementation == Implementation::CPython || !interpreter.speaks_hpy()? {
            return match interpreter.implementation {
                Implementation::Other(_) => Err(Error::new(format!(
                    "{} is {interpreter}, for which the package hpy was not tried",
                    interpreter.path.display()
                ))
                .advise("name a CPython, PyPy or GraalPy with --python")),
                _ => Ok(Host::Package),
            };
        }
        match mode {
            Mode::Debug => Ok(Host::Interpreter),
            Mode::Trace => Err(Error::new(format!(
                "--trace shows the calls of this project's package hpy, and {} is {interpreter}, \
                 which uses its own HPy",
                interpreter.path.display()
            ))
            .advise("name a CPython with --python, or set HPY=trace and use hpy.trace there")),
        }
    }

    /// The folder of the package `hpy` for the module search path, which is built if needed, or
    /// nothing if the interpreter has its own.
    pub(crate) fn provide(
        self,
        interpreter: &Interpreter,
        target: &Path,
    ) -> Result<Option<PathBuf>> {
        match self {
            Host::Package => python_package_for(interpreter, target).map(Some),
            Host::Interpreter => Ok(None),
        }
    }
}

/// The command that runs `main.py` in the folder of `package` in `mode`, with a report at its end.
/// `hpy` is what [`Host::provide`] returned.
pub(crate) fn mode_command(
    interpreter: &Interpreter,
    package: &BuiltPackage,
    mode: Mode,
    hpy: Option<&Path>,
    arguments: &[OsString],
) -> Result<Command> {
    let main = main_file(&package.folder)?;
    let out = std::path::absolute(&package.out)
        .map_err(|error| Error::io("resolve", &package.out, error))?;
    let more: Vec<PathBuf> = hpy.into_iter().map(Path::to_owned).collect();
    let mut command = interpreter.command();
    command.args(["-c", START]);
    if hpy.is_some() {
        command
            .arg(format!("hpy.universal.{}", mode.name()))
            .arg("");
    } else {
        // Interpreters have modules `_hpy_debug` of their own.
        command
            .arg(format!("_hpy_{}_reports", mode.name()))
            .arg(sources()?.join("hpy/universal").join(mode.name()));
    }
    command.arg(&out).arg(&package.folder);
    if mode == Mode::Debug {
        command.arg("--backtrace");
    }
    command
        .arg(main)
        .args(arguments)
        .env("PYTHONPATH", search_path(&out, &more, interpreter)?);
    Ok(command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interpreter_without_the_mode_is_refused_with_another_one_named() {
        let mut python = Interpreter::find(None).unwrap();
        python.implementation = Implementation::CPython;
        assert_eq!(Host::of(&python, Mode::Trace).unwrap(), Host::Package);
        python.implementation = Implementation::Other("Jython".into());
        if !python.speaks_hpy().unwrap() {
            let error = Host::of(&python, Mode::Debug).unwrap_err().to_string();
            assert!(error.contains("name a CPython, PyPy or GraalPy"), "{error}");
        }
    }
}
