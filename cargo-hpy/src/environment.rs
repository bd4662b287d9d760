//! Installs HPy in a private environment, for interpreters that support it but lack it.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::{self, Command, Stdio};

use crate::error::{Error, Result};
use crate::interpreter::module_arguments;
use crate::modes::Mode;
use crate::output::remark;
use crate::platform;
use crate::python_package::{python_package_for, sources};
use crate::{Implementation, Interpreter};

/// The release of HPy that is installed.
const HPY: &str = "hpy==0.9.0";
/// The newest CPython that this release works on.
const NEWEST: (u8, u8) = (3, 11);

/// Where an interpreter's HPy comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// The interpreter can already import `hpy.universal`.
    Own,
    /// This project's package is built from the checkout.
    Checkout,
    /// PyPI's hpy works on it.
    PyPI,
}

impl Source {
    /// Detects the source, which starts the interpreter.
    pub(crate) fn of(interpreter: &Interpreter) -> Result<Self> {
        if interpreter.speaks_hpy()? {
            return Ok(Source::Own);
        }
        let is_known = !matches!(interpreter.implementation, Implementation::Other(_));
        if is_known && sources().is_ok() {
            return Ok(Source::Checkout);
        }
        if is_on_pypi(interpreter) {
            return Ok(Source::PyPI);
        }
        Err(Error::new(format!(
            "the modes of HPY need the package hpy; {} is {interpreter}, which cannot import it \
             and for which there is none",
            interpreter.path.display()
        ))
        .advise(advice(interpreter)))
    }

    /// Detects the source of a mode for `--debug` or `--trace`, whose reports are in the checkout.
    /// PyPI's hpy has no place for them, so it is passed over. This may start the interpreter.
    ///
    /// # Errors
    ///
    /// If nobody has the mode. The error names interpreters that can be used instead.
    pub(crate) fn of_mode(interpreter: &Interpreter, mode: Mode) -> Result<Self> {
        sources()?;
        let path = interpreter.path.display();
        if interpreter.implementation == Implementation::CPython || !interpreter.speaks_hpy()? {
            return match interpreter.implementation {
                Implementation::Other(_) => Err(Error::new(format!(
                    "{path} is {interpreter}, for which the package hpy was not tried",
                ))
                .advise("name a CPython, PyPy or GraalPy with --python")),
                _ => Ok(Source::Checkout),
            };
        }
        match mode {
            Mode::Debug => Ok(Source::Own),
            Mode::Trace => Err(Error::new(format!(
                "--trace shows the calls of this project's package hpy, and {path} is \
                 {interpreter}, which uses its own HPy",
            ))
            .advise("name a CPython with --python, or set HPY=trace and use hpy.trace there")),
        }
    }

    /// The folder for the module search path, which is built if needed, or `None` if the
    /// interpreter needs none.
    pub(crate) fn provide(
        self,
        interpreter: &Interpreter,
        target: &Path,
    ) -> Result<Option<PathBuf>> {
        match self {
            Source::Own => Ok(None),
            Source::Checkout => python_package_for(interpreter, target).map(Some),
            Source::PyPI => from_pypi(interpreter, target).map(Some),
        }
    }
}

/// Whether PyPI's hpy has a wheel for it.
fn is_on_pypi(interpreter: &Interpreter) -> bool {
    let (major, minor, _) = interpreter.version;
    interpreter.implementation == Implementation::CPython && (major, minor) <= NEWEST
}

/// The folder that must be on the module search path for `interpreter` to import PyPI's hpy, or
/// `None` if it can import `hpy.universal` by itself.
///
/// If needed, PyPI's hpy is installed into a folder below `target`, once per interpreter, by the
/// pip of a temporary virtual environment. Nothing is installed into the interpreter's own
/// environment, whose other packages stay importable.
///
/// # Errors
///
/// If there is no HPy for this interpreter, or if the installation fails. The error names
/// interpreters that have one.
pub fn provide_hpy(interpreter: &Interpreter, target: &Path) -> Result<Option<PathBuf>> {
    if interpreter.speaks_hpy()? {
        return Ok(None);
    }
    if is_on_pypi(interpreter) {
        return from_pypi(interpreter, target).map(Some);
    }
    Err(Error::new(format!(
        "PyPI has no hpy for {}, which is {interpreter}",
        interpreter.path.display()
    ))
    .advise("take CPython 3.9 to 3.11 or PyPy 7.3, with --python"))
}

/// The folder with PyPI's hpy, which is installed there if needed.
fn from_pypi(interpreter: &Interpreter, target: &Path) -> Result<PathBuf> {
    let environment = target
        .join("hpy")
        .join("environments")
        .join(key(interpreter));
    let packages = environment.join("packages");
    if packages.is_dir() {
        return Ok(packages);
    }
    remark!(
        "   Preparing {HPY} for {interpreter} in {}",
        environment.display()
    );
    // Made under another name first, so that the final folder is always complete.
    let fresh = environment.with_extension(format!("{}.new", process::id()));
    let made = install(interpreter, &fresh).and_then(|()| {
        fs::rename(&fresh, &environment).map_err(|error| Error::io("make", &environment, error))
    });
    if made.is_err() {
        // The error of the installation matters, not one of cleaning up.
        let _ = fs::remove_dir_all(&fresh);
    }
    // Somebody else may have been faster.
    if packages.is_dir() {
        Ok(packages)
    } else {
        made.map(|()| packages)
    }
}

fn install(interpreter: &Interpreter, environment: &Path) -> Result<()> {
    let failed = |what: &str| {
        let path = interpreter.path.display();
        Error::new(format!("{what} failed for {interpreter} ({path})")).advise(format!(
            "see the messages above; or install HPy yourself where this interpreter finds it, \
             with\n{path} -m pip install {HPY}"
        ))
    };
    if let Some(parent) = environment.parent() {
        fs::create_dir_all(parent).map_err(|error| Error::io("make", parent, error))?;
    }
    let venv = environment.join("venv");
    let mut command = Command::new(&interpreter.path);
    run(
        command.args(module_arguments("venv")).arg(&venv),
        &interpreter.path,
    )?
    .then_some(())
    .ok_or_else(|| failed("making a virtual environment"))?;
    let python = venv.join(platform::VENV_PYTHON);
    let mut command = Command::new(&python);
    command
        .args(module_arguments("pip"))
        .args([
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--no-deps",
            HPY,
        ])
        .arg("--target")
        .arg(environment.join("packages"));
    run(&mut command, &python)?
        .then_some(())
        .ok_or_else(|| failed(&format!("installing {HPY}")))
}

/// Runs a command whose output is for the user, not for programs that read this tool's output.
fn run(command: &mut Command, path: &Path) -> Result<bool> {
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| Error::io("run", path, error))?;
    if !output.status.success() {
        eprint!("{}", String::from_utf8_lossy(&output.stdout));
    }
    Ok(output.status.success())
}

/// `cpython-311-0123456789abcdef`: two installations of one version don't share an environment.
pub(crate) fn key(interpreter: &Interpreter) -> String {
    let mut hasher = DefaultHasher::new();
    (&interpreter.base_prefix, interpreter.version).hash(&mut hasher);
    format!("{}-{:016x}", interpreter.key(), hasher.finish())
}

/// Which interpreter to take instead.
fn advice(interpreter: &Interpreter) -> String {
    let instead = "a CPython, PyPy 7.3 or GraalPy 24, with --python";
    let without = "unset HPY to run it on the runtime that the extension carries";
    match interpreter.implementation {
        Implementation::CPython => {
            format!("{without}; or take {instead}; or build for this one, with --abi cpython")
        }
        _ => format!("{without}; or take {instead}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_installation_of_a_version_has_an_environment_of_its_own() {
        let mut one = Interpreter::find(None).unwrap();
        let before = key(&one);
        assert_eq!(before, key(&one.clone()));
        one.base_prefix = "/elsewhere".into();
        assert_ne!(before, key(&one));
    }

    #[test]
    fn an_interpreter_without_the_mode_is_refused_with_another_one_named() {
        let mut python = Interpreter::find(None).unwrap();
        python.implementation = Implementation::CPython;
        let source = Source::of_mode(&python, Mode::Trace).unwrap();
        assert_eq!(source, Source::Checkout);
        python.implementation = Implementation::Other("Jython".into());
        if !python.speaks_hpy().unwrap() {
            let error = Source::of_mode(&python, Mode::Debug).unwrap_err();
            let error = error.to_string();
            assert!(error.contains("name a CPython, PyPy or GraalPy"), "{error}");
        }
    }

    #[test]
    fn what_to_take_instead_is_named() {
        let mut one = Interpreter::find(None).unwrap();
        one.implementation = Implementation::CPython;
        assert!(advice(&one).contains("--abi cpython"));
        one.implementation = Implementation::PyPy;
        assert_eq!(
            advice(&one),
            "unset HPY to run it on the runtime that the extension carries; \
             or take a CPython, PyPy 7.3 or GraalPy 24, with --python"
        );
    }
}
