//! Finds the Python interpreter and its properties.

use std::env;
use std::ffi::OsStr;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::{Error, Result};
use crate::platform;

/// The oldest Python that extensions work on.
const OLDEST: (u8, u8) = (3, 9);

/// Prints the fields of [`Interpreter`], one per line. It runs on any Python, so that the error can
/// name one that is too old.
const PROBE: &str = "\
import sys, sysconfig
i = getattr(sys, 'implementation', None)
v = getattr(sys, 'pypy_version_info', None) or (i.version if i else sys.version_info)
for a in (i.name if i else 'cpython', '%d.%d.%d' % tuple(v)[:3],
          '%d %d %d' % tuple(sys.version_info)[:3], getattr(sys, 'abiflags', ''),
          sysconfig.get_config_var('EXT_SUFFIX') or '',
          sys.base_prefix if hasattr(sys, 'base_prefix') else sys.prefix):
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
    /// The absolute path of the command. It may be a script that starts the interpreter.
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
            return Self::ask(&resolve(wanted, "--python names")?);
        }
        if let Some(wanted) = set("HPY_PYTHON") {
            return Self::ask(&resolve(&wanted, "HPY_PYTHON names")?);
        }
        if let Some(venv) = set("VIRTUAL_ENV") {
            let path = Path::new(&venv).join(platform::VENV_PYTHON);
            return Self::ask(&resolve(path.as_os_str(), "VIRTUAL_ENV leads to")?);
        }
        Self::ask(&resolve(platform::PYTHON.as_ref(), "the default is")?)
    }

    fn ask(path: &Path) -> Result<Self> {
        let advice = "name a Python 3.9 or later with --python or HPY_PYTHON";
        let output = Command::new(path)
            .args(["-c", PROBE])
            .output()
            .map_err(|error| Error::io("run", path, error).advise(advice))?;
        let text = String::from_utf8_lossy(&output.stdout);
        Self::parse(path, &text).map_err(|error| {
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
        let found = Interpreter {
            path: path.to_path_buf(),
            implementation,
            release,
            version: (number(), number(), number()),
            abi_flags: next()?,
            ext_suffix: next()?,
            base_prefix: next()?.into(),
        };
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
        // The first entry is the current folder, which is not there for `main.py`.
        let check =
            "import sys; del sys.path[:1]; import hpy.universal; hpy.universal._load_bootstrap";
        let output = Command::new(&self.path)
            .args(["-c", check])
            .output()
            .map_err(|error| Error::io("run", &self.path, error))?;
        Ok(output.status.success())
    }
}

impl fmt::Display for Interpreter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (major, minor, micro) = self.version;
        let name = match &self.implementation {
            Implementation::CPython => return write!(f, "CPython {major}.{minor}.{micro}"),
            Implementation::PyPy => "PyPy",
            Implementation::GraalPy => "GraalPy",
            Implementation::Other(name) => name,
        };
        write!(f, "{name} {} (Python {major}.{minor})", self.release)
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
        assert_eq!(found.to_string(), "CPython 3.13.5");
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
