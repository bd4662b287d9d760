//! Where an interpreter's `Python.h` is.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use cargo_hpy::{Implementation, Interpreter};

use super::commands::output;
use crate::interpreters::{Cache, provide_pypy_headers};

/// What tells a C compiler. Debian has PyPy's headers in a package of their own, which is added
/// where they are missing.
///
/// # Errors
/// If there are no headers.
pub fn flags(interpreter: &Interpreter) -> Result<Vec<String>> {
    let found = folders(interpreter)?;
    if !has_header(&found) {
        if interpreter.implementation != Implementation::PyPy {
            bail!("{interpreter} has no Python.h");
        }
        let program = output(Command::new(&interpreter.path).args([
            "-c",
            "import os, sys; print(os.path.realpath(sys.executable))",
        ]))?;
        provide_pypy_headers(&Cache::open()?, Path::new(&program))
            .with_context(|| format!("{interpreter} has no Python.h"))?;
        if !has_header(&found) {
            bail!("{interpreter} has no Python.h, with pypy3-dev neither");
        }
    }
    let flags = found.iter().map(|one| format!("-I{}", one.display()));
    Ok(flags.collect())
}

fn folders(interpreter: &Interpreter) -> Result<Vec<PathBuf>> {
    let ask = "import sysconfig; paths = sysconfig.get_paths()\n\
               print(paths['include'], paths['platinclude'], sep='\\n')";
    let answer = output(Command::new(&interpreter.path).args(["-c", ask]))?;
    Ok(answer.lines().map(PathBuf::from).collect())
}

fn has_header(folders: &[PathBuf]) -> bool {
    folders.iter().any(|one| one.join("Python.h").is_file())
}
