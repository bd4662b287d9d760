//! Builds this project's Python package `hpy` from the checkout, into a folder for `PYTHONPATH`.

use std::env;
use std::env::consts::{DLL_PREFIX, DLL_SUFFIX};
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use crate::error::{Error, Result};
use crate::output::remark;
use crate::rustflags;
use crate::workspace::{cargo, no_cargo};
use crate::{GlibcLinker, Implementation, Interpreter};

/// Tests of one process build the package side by side, and write the same files.
static BUILDING: Mutex<()> = Mutex::new(());

/// The crate that is the package's binary.
const CRATE: &str = "hpy-package";

/// The folder of the package's Python files in the checkout that this tool was built from.
///
/// # Errors
///
/// If the checkout is gone.
pub(crate) fn sources() -> Result<PathBuf> {
    let folder = checkout().join("hpy-runtime/package/python");
    if folder.is_dir() {
        return Ok(folder);
    }
    Err(Error::new(format!(
        "the checkout that this cargo-hpy was built from is gone, and the package hpy is built \
         from it: {} is missing",
        folder.display()
    ))
    .advise("install cargo-hpy again, from the checkout that is there now"))
}

fn checkout() -> &'static Path {
    // The folder of the manifest has a parent: the checkout.
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap_or(Path::new("."))
}

/// Builds the package `hpy` and puts its files together in a folder below `target`. The folder is
/// for `PYTHONPATH`, and contains nothing but `hpy`. With a `linker` the result loads with the
/// glibc that it links for, otherwise with this machine's.
///
/// # Errors
///
/// If the checkout that this tool was built from is gone, the binary does not compile, or the
/// folder cannot be written.
pub fn build_python_package(target: &Path, linker: Option<&GlibcLinker>) -> Result<PathBuf> {
    let _alone = BUILDING.lock().unwrap_or_else(PoisonError::into_inner);
    let sources = sources()?;
    let work = target.join("hpy/package");
    let named = |name: &str| match linker {
        Some(linker) => work.join(format!("{name}-glibc{}", linker.version())),
        None => work.join(name),
    };
    let library = compile(&named("build"), linker)?;
    let folder = named("site");
    let mut present = copy_python_files(&sources, &folder)?;
    let binary = Path::new("hpy/universal").join(package_binary_name());
    put(&library, &folder.join(&binary))?;
    present.push(binary);
    remove_others(&folder, &folder, &present)?;
    Ok(folder)
}

/// The package for one interpreter. PyPy and GraalPy import no file without their own suffix, so
/// each has a folder where the binary has it.
pub(crate) fn python_package_for(interpreter: &Interpreter, target: &Path) -> Result<PathBuf> {
    let site = build_python_package(target, None)?;
    if interpreter.implementation == Implementation::CPython {
        return Ok(site);
    }
    let _alone = BUILDING.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = site.with_file_name(format!("site-{}", interpreter.key()));
    let mut present = copy_python_files(&site, &folder)?;
    let universal = Path::new("hpy/universal");
    let binary = universal.join(format!("__init__{}", interpreter.ext_suffix));
    put(
        &site.join(universal).join(package_binary_name()),
        &folder.join(&binary),
    )?;
    present.push(binary);
    remove_others(&folder, &folder, &present)?;
    Ok(folder)
}

/// Copies the Python files below a folder; their paths below it.
fn copy_python_files(from: &Path, to: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    python_files(from, &mut files)?;
    let mut copied = Vec::new();
    for source in files {
        // Every path begins with the folder that was searched.
        let relative = source.strip_prefix(from).unwrap_or(&source).to_owned();
        put(&source, &to.join(&relative))?;
        copied.push(relative);
    }
    Ok(copied)
}

/// The binary as every CPython of this system finds it. `hpy.universal` is a folder, so that it
/// comes before a `universal.cpython-….so` of PyPI's hpy.
pub fn package_binary_name() -> &'static str {
    if cfg!(windows) {
        "__init__.pyd"
    } else {
        "__init__.so"
    }
}

fn compile(folder: &Path, linker: Option<&GlibcLinker>) -> Result<PathBuf> {
    let linker = linker.map(|linker| linker.environment(folder)).transpose();
    let library = folder.join(format!("release/{DLL_PREFIX}hpy_universal{DLL_SUFFIX}"));
    if !library.is_file() {
        remark!("   Building the package hpy, which takes about a minute");
    }
    let mut command = cargo();
    command
        .args(["build", "--release", "--package", CRATE])
        .arg("--target-dir")
        .arg(folder)
        .env("CARGO_PROFILE_RELEASE_STRIP", "true")
        .env_remove("CARGO_BUILD_TARGET")
        .envs(revision().map(|revision| ("HPY_REVISION", revision)))
        .envs(linker?)
        .current_dir(checkout());
    rustflags::add(&mut command, without_private_paths());
    let status = command.status().map_err(no_cargo)?;
    if !status.success() {
        return Err(Error::new(format!("{CRATE} could not be built")).with_code(status.code()));
    }
    Ok(library)
}

/// Leaves the folders of this machine out of panics' messages. The last one that fits applies.
fn without_private_paths() -> Vec<String> {
    let home = env::home_dir().filter(|home| home.parent().is_some());
    let cargo = env::var_os("CARGO_HOME").map(PathBuf::from);
    let cargo = cargo.or_else(|| Some(home.as_ref()?.join(".cargo")));
    [(home, "~"), (cargo, "cargo")]
        .into_iter()
        .filter_map(|(folder, name)| {
            Some(format!("--remap-path-prefix={}={name}", folder?.display()))
        })
        .collect()
}

/// The revision that `get_version` tells: the environment's, else git's, if there is one.
fn revision() -> Option<OsString> {
    if let Some(told) = env::var_os("HPY_REVISION") {
        return Some(told);
    }
    let output = Command::new("git")
        .args(["describe", "--always", "--dirty", "--exclude=*"])
        .current_dir(checkout())
        .output()
        .ok()?;
    let revision = String::from_utf8(output.stdout).ok()?;
    (output.status.success()).then(|| revision.trim().into())
}

fn python_files(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for path in paths_in(folder)? {
        if path.is_dir() {
            python_files(&path, files)?;
        } else if is_of_the_package(&path) {
            files.push(path);
        }
    }
    files.sort();
    Ok(())
}

fn paths_in(folder: &Path) -> Result<Vec<PathBuf>> {
    let failed = |error| Error::io("read", folder, error);
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        paths.push(entry.map_err(failed)?.path());
    }
    Ok(paths)
}

/// Python's files, their stubs, and the mark that they are typed: nothing that Python left there.
fn is_of_the_package(path: &Path) -> bool {
    path.extension()
        .is_some_and(|end| end == "py" || end == "pyi" || end == "typed")
}

/// Copies a file, unless it is there: one that runs is replaced as a whole, never written into.
fn put(source: &Path, place: &Path) -> Result<()> {
    let write = || {
        let contents = fs::read(source)?;
        if fs::read(place).is_ok_and(|present| present == contents) {
            return Ok(());
        }
        fs::create_dir_all(place.parent().unwrap_or(place))?;
        let attempt = place.with_extension(format!("attempt-{}", std::process::id()));
        fs::write(&attempt, &contents)?;
        fs::set_permissions(&attempt, fs::metadata(source)?.permissions())?;
        fs::rename(&attempt, place)
    };
    write().map_err(|error| Error::io("write", place, error))
}

/// Removes what an earlier build left, or Python.
fn remove_others(root: &Path, folder: &Path, present: &[PathBuf]) -> Result<()> {
    for path in paths_in(folder)? {
        if path.is_dir() {
            remove_others(root, &path, present)?;
        } else if !present.iter().any(|file| root.join(file) == path) && !is_attempt(&path) {
            fs::remove_file(&path).map_err(|error| Error::io("remove", &path, error))?;
        }
    }
    Ok(())
}

/// Another process may be about to move it to its place.
fn is_attempt(path: &Path) -> bool {
    path.extension()
        .is_some_and(|end| end.to_string_lossy().starts_with("attempt-"))
}
