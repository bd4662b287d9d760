//! Finds the Python interpreter and its properties.

use std::env;
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::{Error, Result};
use crate::platform;
use crate::target::Target;

/// The oldest Python that extensions work on.
const OLDEST: (u8, u8) = (3, 9);

/// Begins a script for `-c`. The current folder is the user's: a `json.py` there is not for this
/// tool.
pub(crate) const NOT_FROM_HERE: &str =
    "import sys; sys.path[:] = [one for one in sys.path if one]; ";

/// The arguments that run a module as `-m` does, but not from the current folder.
pub(crate) fn module_arguments(module: &str) -> [String; 3] {
    let code = "import runpy; del sys.argv[0]; \
                runpy.run_module(sys.argv[0], run_name='__main__', alter_sys=True)";
    ["-c".into(), format!("{NOT_FROM_HERE}{code}"), module.into()]
}

/// Prints the fields of [`Interpreter`], one per line. It runs on any Python, so that the error can
/// name one that is too old.
const PROBE: &str = "\
import sysconfig
i = getattr(sys, 'implementation', None)
v = getattr(sys, 'pypy_version_info', None) or (i.version if i else sys.version_info)
for a in (i.name if i else 'cpython', '%d.%d.%d' % tuple(v)[:3],
          '%d %d %d' % tuple(sys.version_info)[:3], getattr(sys, 'abiflags', ''),
          sysconfig.get_config_var('EXT_SUFFIX') or '',
          sys.base_prefix if hasattr(sys, 'base_prefix') else sys.prefix,
          sysconfig.get_path('platlib') or ''):
    print('hpy: ' + a)
";

/// Which Python implementation an interpreter is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Implementation {
    /// The reference implementation.
    CPython,
    /// PyPy.
    PyPy,
    /// GraalPy.
    GraalPy,
    /// Any other, by its own name.
    Other(String),
}

/// A Python interpreter and its properties.
#[derive(Clone, Debug)]
pub struct Interpreter {
    /// The absolute path of the command. It may be a script that starts the interpreter. Empty if
    /// only the version is known.
    pub path: PathBuf,
    /// Which implementation it is.
    pub implementation: Implementation,
    /// The implementation's own version: `7.3.19` for PyPy.
    pub release: String,
    /// The version of the Python language: `(3, 11, 7)`.
    pub version: (u8, u8, u8),
    /// `sys.abiflags`: `t` without the GIL, `d` for a debug build.
    pub abi_flags: String,
    /// The end of a native extension's file name: `.cpython-311-x86_64-linux-gnu.so`.
    pub ext_suffix: String,
    /// Where it is installed, even if `path` is in a virtual environment.
    pub base_prefix: PathBuf,
    /// Where packages with native extensions are installed. Empty if it does not say so.
    pub site_packages: PathBuf,
    /// The command and the arguments by which this machine runs the interpreter, such as
    /// `qemu-aarch64`. Empty if it runs by itself.
    pub runner: Vec<OsString>,
    /// Whether it is for another target than this machine's.
    pub is_foreign: bool,
}

impl Interpreter {
    /// Finds the interpreter and reads its properties.
    ///
    /// `wanted` is a path or the name of a command, which may be a script that starts an
    /// interpreter. Without it, the environment variable `HPY_PYTHON` is used in the same way, else
    /// the active virtual environment, else `python3`.
    ///
    /// # Errors
    ///
    /// If there is no such command, if it is not a Python, or if it is older than 3.9.
    pub fn find(wanted: Option<&OsStr>) -> Result<Self> {
        let set = |name| env::var_os(name).filter(|value| !value.is_empty());
        if let Some(wanted) = wanted {
            return Self::ask(&resolve(wanted, "--python names")?, Vec::new());
        }
        if let Some(wanted) = set("HPY_PYTHON") {
            return Self::ask(&resolve(&wanted, "HPY_PYTHON names")?, Vec::new());
        }
        if let Some(venv) = set("VIRTUAL_ENV") {
            let path = Path::new(&venv).join(platform::VENV_PYTHON);
            let path = resolve(path.as_os_str(), "VIRTUAL_ENV leads to")?;
            return Self::ask(&path, Vec::new());
        }
        let path = resolve(platform::PYTHON.as_ref(), "the default is")?;
        Self::ask(&path, Vec::new())
    }

    /// The interpreter `wanted` of another target, run by cargo's runner for the target where one
    /// is set.
    pub(crate) fn of_target(wanted: &OsStr, target: &Target) -> Result<Self> {
        let path = resolve(wanted, "--python names")?;
        let mut found = Self::ask(&path, crate::linker::runner(target)).map_err(|error| {
            let variable = target.variable("RUNNER");
            error.advise(format!(
                "--python names a Python for {}; if this machine does not run it by itself, set \
                 {variable} to the command that does, such as qemu-aarch64 or wine64; or tell its \
                 version with --python-version",
                target.triple()
            ))
        })?;
        if let (Implementation::CPython, Some(end)) =
            (&found.implementation, target.extension_end())
            && !found.ext_suffix.ends_with(&end)
        {
            return Err(Error::new(format!(
                "{} is for extensions that end in {}, and those for {} end in {end}",
                path.display(),
                found.ext_suffix,
                target.triple()
            ))
            .advise(
                "name a Python of the target with --python, or its version with --python-version",
            ));
        }
        // It may answer by itself here, and still be none that build scripts can ask.
        found.is_foreign = true;
        Ok(found)
    }

    /// A CPython of which only the version is known, such as `3.13` or `3.13t`, for `target`.
    pub(crate) fn of_version(version: &str, target: &Target) -> Result<Self> {
        let (numbers, abi_flags) = match version.strip_suffix('t') {
            Some(numbers) => (numbers, "t"),
            None => (version, ""),
        };
        let numbers = numbers.split_once('.');
        let numbers = numbers.and_then(|(major, minor)| {
            Some((major.parse::<u8>().ok()?, minor.parse::<u8>().ok()?))
        });
        let Some((major, minor)) = numbers.filter(|version| *version >= OLDEST) else {
            return Err(Error::new(format!(
                "--python-version is {version:?}; it should be a version of CPython such as 3.13 \
                 or 3.13t, from {}.{} on",
                OLDEST.0, OLDEST.1
            )));
        };
        let Some(end) = target.extension_end() else {
            return Err(Error::new(format!(
                "how CPython names native extensions for {} is not known",
                target.triple()
            ))
            .advise("name a Python of the target with --python"));
        };
        let tag = if end.ends_with(".pyd") {
            "cp"
        } else {
            "cpython-"
        };
        Ok(Interpreter {
            path: PathBuf::new(),
            implementation: Implementation::CPython,
            release: format!("{major}.{minor}"),
            version: (major, minor, 0),
            abi_flags: abi_flags.to_owned(),
            ext_suffix: format!(".{tag}{major}{minor}{abi_flags}{end}"),
            base_prefix: PathBuf::new(),
            site_packages: PathBuf::new(),
            runner: Vec::new(),
            is_foreign: true,
        })
    }

    /// A CPython of which only the version is known, such as `3.13` or `3.13t`, for a target of
    /// rustc.
    ///
    /// # Errors
    ///
    /// If that is no version that extensions work on, or the target's names are not known.
    pub fn for_target(version: &str, triple: &str) -> Result<Self> {
        Self::of_version(version, &Target::new(triple))
    }

    /// Whether build scripts can ask the interpreter.
    pub(crate) fn runs_here(&self) -> bool {
        !self.is_foreign
    }

    /// The command that starts it.
    pub(crate) fn command(&self) -> Command {
        started(&self.path, &self.runner)
    }

    fn ask(path: &Path, runner: Vec<OsString>) -> Result<Self> {
        let advice = "name a Python 3.9 or later with --python or HPY_PYTHON";
        let output = started(path, &runner)
            .args(["-c", &format!("{NOT_FROM_HERE}{PROBE}")])
            .output()
            .map_err(|error| Error::io("run", path, error).advise(advice))?;
        let text = String::from_utf8_lossy(&output.stdout);
        let found = Self::parse(path, &text);
        found
            .map(|found| Interpreter { runner, ..found })
            .map_err(|error| {
                let errors = String::from_utf8_lossy(&output.stderr);
                match errors.trim() {
                    "" => error.advise(advice),
                    errors => error.advise(format!("{advice}; it printed:\n{errors}")),
                }
            })
    }

    fn parse(path: &Path, answer: &str) -> Result<Self> {
        let mut lines = answer
            .lines()
            .filter_map(|line| line.strip_prefix("hpy: "))
            .map(str::to_owned);
        let mut next = || {
            lines.next().ok_or_else(|| {
                Error::new(format!(
                    "{} does not behave like a Python interpreter",
                    path.display()
                ))
            })
        };
        let implementation = match next()?.as_str() {
            "cpython" => Implementation::CPython,
            "pypy" => Implementation::PyPy,
            "graalpy" => Implementation::GraalPy,
            other => Implementation::Other(other.to_owned()),
        };
        let release = next()?;
        let numbers = next()?;
        let mut numbers = numbers.split(' ').map(|number| number.parse().unwrap_or(0));
        let mut number = || numbers.next().unwrap_or(0);
        let mut found = Interpreter {
            path: path.to_path_buf(),
            implementation,
            release,
            version: (number(), number(), number()),
            abi_flags: next()?,
            ext_suffix: next()?,
            base_prefix: next()?.into(),
            site_packages: next().unwrap_or_default().into(),
            runner: Vec::new(),
            is_foreign: false,
        };
        if found.abi_flags.is_empty() && is_free_threaded_windows(&found.ext_suffix) {
            // Windows has `sys.abiflags` since 3.14 only.
            found.abi_flags = "t".to_owned();
        }
        if (found.version.0, found.version.1) < OLDEST {
            return Err(Error::new(format!(
                "{} is {found}, which is too old: extensions need Python {}.{} or later",
                path.display(),
                OLDEST.0,
                OLDEST.1
            )));
        }
        if found.ext_suffix.is_empty() {
            return Err(Error::new(format!(
                "{} ({found}) does not say how native extensions are named (EXT_SUFFIX)",
                path.display()
            )));
        }
        Ok(found)
    }

    /// `cpython-311`, `cpython-313t`, `pypy-311`: the same for interpreters that import the same
    /// native extensions.
    pub fn key(&self) -> String {
        let name = match &self.implementation {
            Implementation::CPython => "cpython",
            Implementation::PyPy => "pypy",
            Implementation::GraalPy => "graalpy",
            Implementation::Other(name) => name,
        };
        let (major, minor, _) = self.version;
        format!("{name}-{major}{minor}{}", self.abi_flags)
    }

    /// Whether it can already import `hpy.universal`.
    ///
    /// # Errors
    ///
    /// If the interpreter cannot be run.
    pub fn speaks_hpy(&self) -> Result<bool> {
        let check = "import hpy.universal; hpy.universal._load_bootstrap";
        let output = self
            .command()
            .args(["-c", &format!("{NOT_FROM_HERE}{check}")])
            .output()
            .map_err(|error| Error::io("run", &self.path, error))?;
        Ok(output.status.success())
    }
}

impl fmt::Display for Interpreter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (major, minor, micro) = self.version;
        let name = match &self.implementation {
            Implementation::CPython if self.abi_flags.contains('t') => {
                return write!(f, "CPython {major}.{minor}.{micro} without the GIL");
            }
            Implementation::CPython => return write!(f, "CPython {major}.{minor}.{micro}"),
            Implementation::PyPy => "PyPy",
            Implementation::GraalPy => "GraalPy",
            Implementation::Other(name) => name,
        };
        write!(f, "{name} {} (Python {major}.{minor})", self.release)
    }
}

/// `.cp313t-win_amd64.pyd`
fn is_free_threaded_windows(ext_suffix: &str) -> bool {
    let tag = ext_suffix.split_once("-win");
    tag.is_some_and(|(version, _)| version.ends_with('t'))
}

fn started(path: &Path, runner: &[OsString]) -> Command {
    match runner {
        [] => Command::new(path),
        [first, others @ ..] => {
            let mut command = Command::new(first);
            command.args(others).arg(path);
            command
        }
    }
}

/// The absolute path of a command. Links are not followed, because a virtual environment is
/// recognized by its link.
fn resolve(command: &OsStr, why: &str) -> Result<PathBuf> {
    let path = Path::new(command);
    let found = if path.components().count() > 1 {
        Some(path.to_path_buf()).filter(|path| path.is_file())
    } else {
        let folders = env::var_os("PATH").unwrap_or_default();
        env::split_paths(&folders)
            .flat_map(|folder| {
                let mut with_suffix = path.as_os_str().to_owned();
                with_suffix.push(env::consts::EXE_SUFFIX);
                [folder.join(with_suffix), folder.join(path)]
            })
            .find(|file| file.is_file())
    };
    let advice =
        "name an interpreter with --python or HPY_PYTHON, as a path or as a command on the PATH";
    let found = found.ok_or_else(|| {
        Error::new(format!(
            "no Python: {why} {}, and there is no such command",
            path.display()
        ))
        .advise(advice)
    })?;
    std::path::absolute(&found).map_err(|error| Error::io("resolve", &found, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PYPY: &str = "hpy: pypy\nhpy: 7.3.19\nhpy: 3 11 11\nhpy: \nhpy: \
                        .pypy311-pp73-x86_64-linux-gnu.so\nhpy: /usr\n";

    #[test]
    fn pypy_is_named_by_its_own_version_and_keyed_by_pythons() {
        let found = Interpreter::parse(Path::new("/bin/pypy3"), PYPY).unwrap();
        assert_eq!(found.to_string(), "PyPy 7.3.19 (Python 3.11)");
        assert_eq!(found.key(), "pypy-311");
        assert_eq!(found.ext_suffix, ".pypy311-pp73-x86_64-linux-gnu.so");
    }

    #[test]
    fn a_free_threaded_build_has_a_key_of_its_own() {
        let answer = "hpy: cpython\nhpy: 3.13.5\nhpy: 3 13 5\nhpy: t\nhpy: \
                      .cpython-313t-x86_64-linux-gnu.so\nhpy: /usr\n";
        let found = Interpreter::parse(Path::new("python"), answer).unwrap();
        assert_eq!(found.key(), "cpython-313t");
        assert_eq!(found.to_string(), "CPython 3.13.5 without the GIL");
    }

    #[test]
    fn a_version_alone_has_the_targets_suffix() {
        for (version, triple, suffix) in [
            (
                "3.13",
                "aarch64-unknown-linux-gnu",
                ".cpython-313-aarch64-linux-gnu.so",
            ),
            ("3.14t", "x86_64-pc-windows-gnu", ".cp314t-win_amd64.pyd"),
            ("3.9", "aarch64-apple-darwin", ".cpython-39-darwin.so"),
        ] {
            let found = Interpreter::of_version(version, &Target::new(triple)).unwrap();
            assert_eq!(found.ext_suffix, suffix);
            assert!(!found.runs_here());
        }
        let windows = Target::new("x86_64-pc-windows-gnu");
        let found = Interpreter::of_version("3.14t", &windows).unwrap();
        assert_eq!(found.key(), "cpython-314t");
        for wrong in ["3", "3.8", "3.x", "t"] {
            let error = Interpreter::of_version(wrong, &windows).unwrap_err();
            assert!(error.to_string().contains("such as 3.13"), "{error}");
        }
    }

    #[test]
    fn on_windows_the_suffix_says_what_sys_does_not() {
        let answer = "hpy: cpython\r\nhpy: 3.13.5\r\nhpy: 3 13 5\r\nhpy: \r\n\
                      hpy: .cp313t-win_amd64.pyd\r\nhpy: C:\\Python\r\n";
        let found = Interpreter::parse(Path::new("python.exe"), answer).unwrap();
        assert_eq!(found.key(), "cpython-313t");
    }

    #[cfg(unix)]
    #[test]
    fn a_python_of_another_target_is_refused() {
        let python = Interpreter::find(None).unwrap();
        let windows = Target::new("x86_64-pc-windows-gnu");
        if python.implementation == Implementation::CPython {
            let error = Interpreter::of_target(python.path.as_os_str(), &windows).unwrap_err();
            assert!(
                error.to_string().contains("end in -win_amd64.pyd"),
                "{error}"
            );
        }
    }

    #[test]
    fn what_else_a_startup_file_prints_is_passed_over() {
        let found = Interpreter::parse(Path::new("p"), &format!("welcome!\n{PYPY}"));
        assert_eq!(found.unwrap().implementation, Implementation::PyPy);
    }

    #[test]
    fn an_old_python_is_named_in_the_error() {
        let answer = "hpy: cpython\nhpy: 3.8.18\nhpy: 3 8 18\nhpy: \nhpy: .so\nhpy: /usr\n";
        let error = Interpreter::parse(Path::new("/bin/python3.8"), answer).unwrap_err();
        assert!(
            error
                .to_string()
                .contains("/bin/python3.8 is CPython 3.8.18, which is too old"),
            "{error}"
        );
    }

    #[test]
    fn this_machines_python_answers() {
        let found = Interpreter::find(None).unwrap();
        assert!(found.version >= (3, 9, 0));
        assert!(found.ext_suffix.starts_with('.'));
        assert!(found.path.is_absolute());
        assert!(found.site_packages.is_absolute());
    }

    #[test]
    fn a_command_that_is_not_there_and_one_that_is_no_python() {
        let error = Interpreter::find(Some("no-such-python".as_ref())).unwrap_err();
        assert!(
            error.to_string().contains("--python names no-such-python"),
            "{error}"
        );
        if cfg!(unix) {
            let error = Interpreter::find(Some("/bin/true".as_ref())).unwrap_err();
            assert!(
                error.to_string().contains("does not behave like a Python"),
                "{error}"
            );
        }
    }
}
