//! What `cargo test` needs beside Rust: this machine's Python, pytest and hypothesis in a virtual
//! environment, and PyPI's hpy.
//!
//! Both are kept below the target folder and used again; only the first run needs PyPI.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result, anyhow, bail};
use cargo_hpy::{Implementation, Interpreter};

/// Tests of one process prepare the same folders.
static PREPARING: Mutex<()> = Mutex::new(());

/// What is installed into the virtual environment. A change makes a new one.
///
/// Later versions of hypothesis read all modules for constants to draw. That takes as long as our
/// tests with it.
const PACKAGES: [&str; 2] = ["pytest>=8,<10", "hypothesis>=6.100,<6.131"];

/// The Python that the tests run on.
#[derive(Debug)]
pub struct Environment {
    /// The interpreter to build for.
    pub interpreter: Interpreter,
    /// The virtual environment's, to run on: it has pytest and hypothesis, and no hpy.
    pub python: PathBuf,
}

impl Environment {
    /// Prepares the environment of an interpreter: that of `HPY_PYTHON` or of the active virtual
    /// environment, else `python3`.
    ///
    /// # Errors
    /// If there is no CPython, or pytest cannot be installed. The message says what to do about it.
    pub fn prepare(target: &Path) -> Result<Environment> {
        let _alone = PREPARING.lock().unwrap_or_else(PoisonError::into_inner);
        let interpreter = Interpreter::find(None).map_err(|error| anyhow!("{error}"))?;
        if interpreter.implementation != Implementation::CPython {
            bail!(
                "{} is {interpreter}, and these tests are for CPython: set HPY_PYTHON to one, or \
                 run `cargo xtask matrix --only pypy7.3.19`",
                interpreter.path.display()
            );
        }
        let (major, minor, micro) = interpreter.version;
        let folder = target
            .join("hpy/tests/environments")
            .join(format!("{}.{micro}", interpreter.key()));
        let python = folder.join(if cfg!(windows) {
            "Scripts/python.exe"
        } else {
            "bin/python"
        });
        // Written last, so what has it is complete; it says for whom and with what.
        let complete = folder.join("complete");
        let packages = PACKAGES.join(", ");
        let contents = format!("{}\n{packages}\n", interpreter.base_prefix.display());
        if std::fs::read_to_string(&complete).is_ok_and(|present| present == contents) {
            return Ok(Environment {
                interpreter,
                python,
            });
        }
        eprintln!(
            "Preparing {packages} for Python {major}.{minor} in {}",
            folder.display()
        );
        if folder.exists() {
            std::fs::remove_dir_all(&folder)
                .with_context(|| format!("cannot remove {}", folder.display()))?;
        }
        run(
            Command::new(&interpreter.path)
                .args(["-m", "venv"])
                .arg(&folder),
            &format!(
                "{} cannot make a virtual environment (on Debian: install python3-venv)",
                interpreter.path.display()
            ),
        )?;
        run(
            Command::new(&python)
                .args([
                    "-m",
                    "pip",
                    "install",
                    "--quiet",
                    "--disable-pip-version-check",
                ])
                .args(PACKAGES),
            &format!(
                "{packages} could not be installed: the first run needs PyPI, or a mirror \
                 (PIP_INDEX_URL) or folder (PIP_FIND_LINKS, PIP_NO_INDEX) that has it"
            ),
        )?;
        std::fs::write(&complete, contents)
            .with_context(|| format!("cannot write {}", complete.display()))?;
        Ok(Environment {
            interpreter,
            python,
        })
    }

    /// Why there is no HPy for this interpreter, if there is none.
    pub fn lacks_hpy(interpreter: &Interpreter) -> Option<String> {
        (interpreter.version >= (3, 12, 0)).then(|| {
            format!(
                "PyPI's hpy has no wheel for {interpreter}, only up to 3.11: set HPY_PYTHON to a \
                 CPython that is no newer, or run `cargo xtask matrix`"
            )
        })
    }

    /// The folder of PyPI's hpy for PYTHONPATH, which `cargo hpy run` takes too.
    ///
    /// # Errors
    /// If it cannot be installed. What to do about it is in the message.
    pub fn hpy(&self, target: &Path) -> Result<Vec<PathBuf>> {
        let _alone = PREPARING.lock().unwrap_or_else(PoisonError::into_inner);
        let venv = Interpreter::find(Some(self.python.as_os_str()));
        let folder = venv.and_then(|venv| cargo_hpy::provide_hpy(&venv, target));
        let folder = folder.map_err(|error| {
            anyhow!("no hpy for the universal ABI (the first run needs PyPI): {error}")
        })?;
        Ok(folder.into_iter().collect())
    }

    /// Whether the virtual environment's Python can import `module`.
    ///
    /// # Errors
    /// If Python does not start.
    pub fn imports(&self, module: &str) -> Result<bool> {
        let output = Command::new(&self.python)
            .args(["-I", "-c", &format!("import {module}")])
            .output()
            .with_context(|| format!("{} does not start", self.python.display()))?;
        Ok(output.status.success())
    }
}

fn run(command: &mut Command, otherwise: &str) -> Result<()> {
    let output = command.output().with_context(|| otherwise.to_string())?;
    if !output.status.success() {
        bail!(
            "{otherwise}\n{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(())
}
