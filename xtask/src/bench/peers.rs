//! The peers: what is compared, and how each is built.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, anyhow};
use cargo_hpy::{Abi, BuildRequest, Implementation, Interpreter, Out};

use super::{cargo, output, peers_folder, scratch};

/// What a column of the table is.
#[derive(Debug)]
pub struct Peer {
    /// The column's heading.
    pub name: &'static str,
    /// The module to import.
    pub module: &'static str,
    /// The folder to import it from.
    pub folder: PathBuf,
    /// Of the binary without its symbols, in bytes.
    pub size: u64,
}

/// The name of the peer that the others are measured by.
pub const C: &str = "C";

/// Builds all peers for the interpreter.
///
/// # Errors
/// If one does not compile.
pub fn build(interpreter: &Interpreter) -> Result<Vec<Peer>> {
    let mut peers = vec![c(interpreter)?];
    if interpreter.implementation == Implementation::CPython {
        peers.push(hpy("hpy, CPython ABI", Abi::CPython(interpreter.clone()))?);
    }
    peers.push(hpy("hpy, universal ABI", Abi::Universal)?);
    peers.push(pyo3(interpreter)?);
    Ok(peers)
}

fn folder(interpreter: &Interpreter, peer: &str) -> Result<PathBuf> {
    let folder = scratch().join("rows").join(interpreter.key()).join(peer);
    std::fs::create_dir_all(&folder)
        .with_context(|| format!("cannot make {}", folder.display()))?;
    Ok(folder)
}

/// With the flags that setuptools takes for a release, less those of this or that distribution.
fn c(interpreter: &Interpreter) -> Result<Peer> {
    let folder = folder(interpreter, "c")?;
    let library = folder.join(format!("rows_c{}", interpreter.ext_suffix));
    compile_c(interpreter, &peers_folder().join("c/rows_c.c"), &library)?;
    peer(C, "rows_c", folder, &library)
}

/// Compiles a module in C against the interpreter's `Python.h`.
pub fn compile_c(interpreter: &Interpreter, source: &Path, library: &Path) -> Result<()> {
    let ask = "import sysconfig; paths = sysconfig.get_paths()\n\
               print(paths['include'], paths['platinclude'], sep='\\n')";
    let include = output(Command::new(&interpreter.path).args(["-c", ask]))?;
    let mut command = compiler();
    command.args(["-O3", "-Wall", "-DNDEBUG", "-Wno-deprecated-declarations"]);
    command.args(["-fPIC", "-shared", "-o"]);
    command.arg(library).arg(source);
    command.args(include.lines().map(|folder| format!("-I{folder}")));
    output(&mut command).map(drop)
}

/// The C compiler.
pub fn compiler() -> Command {
    Command::new(std::env::var_os("CC").unwrap_or_else(|| "cc".into()))
}

/// As a user builds it: `cargo hpy build --release`.
fn hpy(name: &'static str, abi: Abi) -> Result<Peer> {
    let folder = scratch().join("rows").join(abi.key()).join("hpy");
    let mut request = BuildRequest::new(peers_folder().join("hpy/Cargo.toml"), abi);
    request.release = true;
    request.out = Out::Folder(folder.clone());
    request.quiet = true;
    let done = cargo_hpy::build(&request).map_err(|error| anyhow!("{error}"))?;
    let package = done.packages.first().context("no package was built")?;
    peer(name, "rows", folder, &package.library)
}

/// As maturin builds it: a release, not linked to libpython.
fn pyo3(interpreter: &Interpreter) -> Result<Peer> {
    let target = scratch().join("pyo3").join(interpreter.key());
    output(
        pyo3_cargo(interpreter)
            .args(["build", "--quiet", "--release", "--package", "rows-pyo3"])
            .arg("--target-dir")
            .arg(&target),
    )?;
    let library = target.join("release").join(library_name("rows_pyo3"));
    let folder = folder(interpreter, "pyo3")?;
    let file = folder.join(format!("rows_pyo3{}", interpreter.ext_suffix));
    std::fs::copy(&library, &file).with_context(|| format!("cannot copy {}", library.display()))?;
    peer("PyO3", "rows_pyo3", folder, &library)
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

fn peer(name: &'static str, module: &'static str, folder: PathBuf, library: &Path) -> Result<Peer> {
    Ok(Peer {
        name,
        module,
        folder,
        size: super::stripped_size(library)?,
    })
}
