//! The Python package `hpy` as this project has it: in a folder that Python can import it from, and
//! as a wheel.

mod wheel;

use std::env::consts::{DLL_PREFIX, DLL_SUFFIX};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Error, Result, bail};
use cargo_hpy::GlibcLinker;

pub use wheel::{DISTRIBUTION, wheel};

/// Tests of one process build the package side by side, and write the same files.
static BUILDING: Mutex<()> = Mutex::new(());

/// The crate that is the package's binary.
const CRATE: &str = "hpy-package";

/// Builds the package and puts its files together. The folder is for `PYTHONPATH`, and has nothing
/// but `hpy` in it. With a `linker` the result loads with the glibc that it links for, else with
/// this machine's.
///
/// # Errors
/// If the binary does not compile, or the folder cannot be written.
pub fn build(target: &Path, linker: Option<&GlibcLinker>) -> Result<PathBuf> {
    let _alone = BUILDING.lock().unwrap_or_else(PoisonError::into_inner);
    let work = target.join("hpy/package");
    let named = |name: &str| match linker {
        Some(linker) => work.join(format!("{name}-glibc{}", linker.version())),
        None => work.join(name),
    };
    let library = compile(&named("build"), linker)?;
    let folder = named("site");
    let sources = crate::checkout().join("hpy-runtime/package/python");
    let mut files = Vec::new();
    python_files(&sources, &mut files)?;
    let mut present = Vec::new();
    for source in files {
        // Every path begins with the folder that was searched.
        let relative = source.strip_prefix(&sources)?.to_path_buf();
        put(&source, &folder.join(&relative))?;
        present.push(relative);
    }
    let binary = Path::new("hpy/universal").join(binary_name());
    put(&library, &folder.join(&binary))?;
    present.push(binary);
    remove_others(&folder, &folder, &present)?;
    Ok(folder)
}

/// The binary as every CPython of this system finds it. `hpy.universal` is a folder, so that it
/// comes before a `universal.cpython-….so` of PyPI's hpy.
pub fn binary_name() -> &'static str {
    if cfg!(windows) {
        "__init__.pyd"
    } else {
        "__init__.so"
    }
}

fn compile(folder: &Path, linker: Option<&GlibcLinker>) -> Result<PathBuf> {
    let linker = linker.map(|linker| linker.environment(folder)).transpose();
    let status = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["build", "--quiet", "--release", "--package", CRATE])
        .arg("--target-dir")
        .arg(folder)
        .env("CARGO_PROFILE_RELEASE_STRIP", "true")
        .env_remove("CARGO_BUILD_TARGET")
        .envs(revision().map(|revision| ("HPY_REVISION", revision)))
        .envs(linker.map_err(Error::msg)?)
        .current_dir(crate::checkout())
        .status()
        .context("cargo does not start")?;
    if !status.success() {
        bail!("{CRATE} could not be built");
    }
    Ok(folder.join(format!("release/{DLL_PREFIX}hpy_universal{DLL_SUFFIX}")))
}

/// The revision that `get_version` tells: the environment's, else git's, if there is one.
fn revision() -> Option<OsString> {
    if let Some(told) = std::env::var_os("HPY_REVISION") {
        return Some(told);
    }
    let output = Command::new("git")
        .args(["describe", "--always", "--dirty", "--exclude=*"])
        .current_dir(crate::checkout())
        .output()
        .ok()?;
    let revision = String::from_utf8(output.stdout).ok()?;
    (output.status.success()).then(|| revision.trim().into())
}

fn python_files(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in
        std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?
    {
        let path = entry?.path();
        if path.is_dir() {
            python_files(&path, files)?;
        } else if path.extension().is_some_and(|end| end == "py") {
            files.push(path);
        }
    }
    files.sort();
    Ok(())
}

/// Copies a file, unless it is there: one that runs is replaced as a whole, never written into.
fn put(source: &Path, place: &Path) -> Result<()> {
    let write = || {
        let contents = std::fs::read(source)?;
        if std::fs::read(place).is_ok_and(|present| present == contents) {
            return Ok(());
        }
        std::fs::create_dir_all(place.parent().unwrap_or(place))?;
        let attempt = place.with_extension(format!("attempt-{}", std::process::id()));
        std::fs::write(&attempt, &contents)?;
        std::fs::set_permissions(&attempt, std::fs::metadata(source)?.permissions())?;
        std::fs::rename(&attempt, place)
    };
    write().with_context(|| format!("cannot write {}", place.display()))
}

/// What an earlier build left, or Python.
fn remove_others(root: &Path, folder: &Path, present: &[PathBuf]) -> Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            remove_others(root, &path, present)?;
        } else if !present.iter().any(|file| root.join(file) == path) && !is_attempt(&path) {
            std::fs::remove_file(&path)
                .with_context(|| format!("cannot remove {}", path.display()))?;
        }
    }
    Ok(())
}

/// Another process may be about to move it to its place.
fn is_attempt(path: &Path) -> bool {
    path.extension()
        .is_some_and(|end| end.to_string_lossy().starts_with("attempt-"))
}
