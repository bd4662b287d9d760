//! HPy's debug and trace mode, for `cargo hpy run --debug` and its like.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Interpreter;
use crate::build::BuiltPackage;
use crate::error::{Error, Result};
use crate::python_package::sources;
use crate::run::{main_file, search_path};

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

/// The command that runs `main.py` in the folder of `package` in `mode`, with a report at its end.
/// `hpy` is what [`Source::provide`](crate::environment::Source::provide) returned.
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
