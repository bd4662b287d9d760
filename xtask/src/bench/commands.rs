//! The commands that build and measure, and the folders that they use.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use cargo_hpy::Interpreter;

/// Where builds go.
pub fn scratch() -> PathBuf {
    hpy_tests::target().join("bench")
}

pub fn peers_folder() -> PathBuf {
    hpy_tests::checkout().join("bench/peers")
}

/// Runs a command that must succeed; its standard output.
pub fn output(command: &mut Command) -> Result<String> {
    let shown = format!("{command:?}");
    let output = command
        .stderr(std::process::Stdio::inherit())
        .output()
        .with_context(|| format!("cannot run {shown}"))?;
    if !output.status.success() {
        bail!("{shown} failed ({})", output.status);
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Cargo itself.
pub fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// The size of a library without its symbols, in bytes.
pub fn stripped_size(library: &Path) -> Result<u64> {
    let copy = library.with_extension("stripped");
    output(Command::new("strip").arg("-o").arg(&copy).arg(library))
        .context("sizes need the command strip (binutils)")?;
    Ok(std::fs::metadata(&copy)?.len())
}

/// The C compiler.
pub fn compiler() -> Command {
    Command::new(std::env::var_os("CC").unwrap_or_else(|| "cc".into()))
}

/// Cargo in the workspace of PyO3's peers.
pub fn pyo3_cargo(interpreter: &Interpreter) -> Command {
    let mut command = cargo();
    command
        .current_dir(peers_folder().join("pyo3"))
        .env("PYO3_BUILD_EXTENSION_MODULE", "1")
        .env("PYO3_PYTHON", &interpreter.path);
    command
}

/// What cargo calls the library of a crate.
pub fn library_name(krate: &str) -> String {
    let (prefix, suffix) = (std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    format!("{prefix}{krate}{suffix}")
}

/// Makes a folder, or empties it.
///
/// # Errors
/// If that fails.
pub fn empty(folder: &Path) -> Result<()> {
    if folder.exists() {
        std::fs::remove_dir_all(folder)
            .with_context(|| format!("cannot empty {}", folder.display()))?;
    }
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))
}
