//! What the rows of a group use from PyPI.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};
use cargo_hpy::Interpreter;

use super::Group;
use super::commands::{output, peers_folder};
use crate::interpreters;

/// Folders for PYTHONPATH, and the versions in them for people.
#[derive(Debug, Default)]
pub struct Packages {
    pub folders: Vec<PathBuf>,
    pub versions: Option<String>,
}

impl Packages {
    /// Those that the group's rows import.
    ///
    /// # Errors
    /// If one cannot be had for the interpreter.
    pub fn of(interpreter: &Interpreter, group: Group) -> Result<Self> {
        if group != Group::Arrays {
            return Ok(Self::default());
        }
        let folders = interpreters::numpy_and_pyarrow(&interpreter.path)?;
        let mut python = Command::new(&interpreter.path);
        python
            .env("PYTHONPATH", std::env::join_paths(&folders)?)
            .args(["-c", VERSIONS]);
        let mut versions = vec![output(&mut python)?];
        let lock = peers_folder().join("pyo3_arrays/Cargo.lock");
        let lock = std::fs::read_to_string(&lock)
            .with_context(|| format!("cannot read {}", lock.display()))?;
        for (package, name) in [("pyo3-arrow", "pyo3-arrow"), ("numpy", "rust-numpy")] {
            let start = format!("name = \"{package}\"\nversion = \"");
            let version = lock.split_once(&start).and_then(|(_, after)| {
                let (version, _) = after.split_once('"')?;
                Some(format!("{name} {version}"))
            });
            versions.push(version.with_context(|| format!("no {package} in the lock file"))?);
        }
        Ok(Self {
            folders: folders.into(),
            versions: Some(versions.join("; ")),
        })
    }
}

const VERSIONS: &str = "\
import numpy, pyarrow
print(f'numpy {numpy.__version__}; pyarrow {pyarrow.__version__}')";
