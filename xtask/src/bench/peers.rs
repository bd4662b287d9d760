//! The peers: what is compared, and how each is built.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use cargo_hpy::{Abi, BuildRequest, Implementation, Interpreter, Out};

use super::Group;
use super::commands::{
    compiler, library_name, output, peers_folder, pyo3_cargo, scratch, stripped_size,
};
use super::headers;
use super::hpy_c;
use super::machine::key;
use super::nanobind;
use super::revision;

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

/// The names of the peers that others are measured by.
pub const C: &str = "C";
pub const PYO3: &str = "PyO3";

/// How the names of hpy's peers end at an earlier revision.
pub const BEFORE: &str = ", before";

/// What a group's modules are called: one module may have several groups.
#[derive(Clone, Copy, Debug)]
pub struct Modules {
    /// The folder of the one with hpy, among the peers.
    hpy_folder: &'static str,
    hpy: &'static str,
    c: Option<&'static str>,
    hpy_c: Option<&'static str>,
    /// The workspace of the one with PyO3, among the peers.
    pyo3_folder: &'static str,
    pyo3: &'static str,
    nanobind: Option<&'static str>,
}

impl Modules {
    pub fn of(group: Group) -> Self {
        match group {
            Group::Calls | Group::Threads => Self {
                hpy_folder: "hpy",
                hpy: "rows",
                c: Some("rows_c"),
                hpy_c: Some("rows_hpy_c"),
                pyo3_folder: "pyo3",
                pyo3: "rows_pyo3",
                nanobind: None,
            },
            Group::Parallel => Self {
                hpy_folder: "parallel",
                hpy: "parallel_hpy",
                c: None,
                hpy_c: None,
                pyo3_folder: "pyo3",
                pyo3: "parallel_pyo3",
                nanobind: None,
            },
            Group::Coroutines => Self {
                hpy_folder: "coroutines",
                hpy: "coroutines_hpy",
                c: Some("coroutines_c"),
                hpy_c: None,
                pyo3_folder: "pyo3",
                pyo3: "coroutines_pyo3",
                nanobind: None,
            },
            Group::Arrays => Self {
                hpy_folder: "arrays",
                hpy: "arrays_hpy",
                c: None,
                hpy_c: None,
                pyo3_folder: "pyo3_arrays",
                pyo3: "arrays_pyo3",
                nanobind: None,
            },
            Group::Programs => Self {
                hpy_folder: "programs",
                hpy: "programs_hpy",
                c: Some("programs_c"),
                hpy_c: Some("programs_hpy_c"),
                pyo3_folder: "pyo3",
                pyo3: "programs_pyo3",
                nanobind: None,
            },
            Group::Types | Group::Numbers | Group::Objects => Self {
                hpy_folder: "types",
                hpy: "types_hpy",
                c: Some("types_c"),
                hpy_c: Some("types_hpy_c"),
                pyo3_folder: "pyo3",
                pyo3: "types_pyo3",
                nanobind: Some("types_nanobind"),
            },
        }
    }
}

/// C whose types have `tp_new` alone. Calls by vectorcall take writing to a field of the
/// interpreter's struct before 3.14.
const C_PLAIN: &str = "C, no `tp_vectorcall`";

/// C that makes the checks that hpy makes: of the stack in each entry, and in types of `self`, of
/// whose data it has and of borrows, with functions in place of members. The limit of what hpy can
/// reach.
const C_CHECKED: &str = "C, checked";

/// C against `hpy.h`, and the same with functions in place of members.
const HPY_C: &str = "HPy C";
const HPY_C_GETSET: &str = "HPy C, get/set";

/// C against `hpy.h` that does on PyPy what hpy does there: its limit.
const HPY_C_CHECKED: &str = "HPy C, checked";

/// Builds all peers for the interpreter, and hpy's of an earlier revision too.
///
/// # Errors
/// If one does not compile.
pub fn build(interpreter: &Interpreter, group: Group, before: Option<&str>) -> Result<Vec<Peer>> {
    let modules = Modules::of(group);
    let on_cpython = interpreter.implementation == Implementation::CPython;
    let plain: &[&str] = &["-DPLAIN_CALL"];
    let best = if on_cpython { &[] } else { plain };
    let mut peers = Vec::new();
    if let Some(module) = modules.c {
        peers.push(c(C, "c", interpreter, module, best)?);
        if on_cpython && group == Group::Types {
            peers.push(c(C_PLAIN, "c-plain", interpreter, module, plain)?);
        }
        if matches!(group, Group::Calls | Group::Types) {
            let checked = [best, &["-DCHECKED"]].concat();
            peers.push(c(C_CHECKED, "c-checked", interpreter, module, &checked)?);
        }
    }
    if let Some(module) = modules.hpy_c {
        type Build = (&'static str, &'static str, &'static [&'static str]);
        const GETSET: Build = (HPY_C_GETSET, "hpy-c-getset", &["-DGETSET"]);
        // It relies on what PyPy's own HPy does with handles and data.
        const CHECKED: Build = (HPY_C_CHECKED, "hpy-c-checked", &["-DCHECKED"]);
        let all: &[Build] = &[(HPY_C, "hpy-c", &[])];
        let some: &[Build] = match group {
            Group::Types if on_cpython => &[GETSET],
            Group::Types => &[GETSET, CHECKED],
            Group::Programs if !on_cpython => &[CHECKED],
            _ => &[],
        };
        for (name, folder, flags) in all.iter().chain(some) {
            let folder = self::folder(interpreter, folder)?;
            if let Some(library) = hpy_c::build(interpreter, module, &folder, flags)? {
                peers.push(peer(name, module, folder, &library)?);
            }
        }
    }
    let sources = peers_folder();
    if on_cpython {
        let abi = Abi::CPython(interpreter.clone());
        peers.push(hpy("hpy, CPython ABI", modules, abi, &sources)?);
    }
    peers.push(hpy(
        "hpy, universal ABI",
        modules,
        Abi::Universal,
        &sources,
    )?);
    if let Some(before) = before {
        let sources = revision::peers_folder(before)?;
        if on_cpython {
            let abi = Abi::CPython(interpreter.clone());
            peers.push(hpy("hpy, CPython ABI, before", modules, abi, &sources)?);
        }
        let abi = Abi::Universal;
        peers.push(hpy("hpy, universal ABI, before", modules, abi, &sources)?);
    }
    let profiles: &[(_, _)] = match pyo3_supports(interpreter) {
        true => &[(PYO3, "release"), ("PyO3, LTO", "release-lto")],
        false => &[],
    };
    for (name, profile) in profiles {
        peers.push(pyo3(name, profile, interpreter, modules)?);
    }
    if let (true, Some(module)) = (on_cpython, modules.nanobind) {
        let folder = folder(interpreter, "nanobind")?;
        match nanobind::build(interpreter, module, &folder) {
            Ok(library) => peers.push(peer("nanobind", module, folder, &library)?),
            Err(error) => eprintln!("WARNING: measured without nanobind: {error:#}"),
        }
    }
    if group == Group::Programs {
        peers.push(Peer {
            name: "Python",
            module: "programs_python",
            folder: peers_folder().join("python"),
            size: 0,
        });
    }
    Ok(peers)
}

/// PyO3 0.29 and later support free-threaded CPython from 3.14 on, and GraalPy from 25 on, which
/// has Python 3.12.
fn pyo3_supports(interpreter: &Interpreter) -> bool {
    let (major, minor, _) = interpreter.version;
    if interpreter.implementation == Implementation::GraalPy {
        return (major, minor) >= (3, 12);
    }
    !interpreter.abi_flags.contains('t') || (major, minor) >= (3, 14)
}

fn folder(interpreter: &Interpreter, peer: &str) -> Result<PathBuf> {
    let folder = scratch().join("rows").join(key(interpreter)).join(peer);
    std::fs::create_dir_all(&folder)
        .with_context(|| format!("cannot make {}", folder.display()))?;
    Ok(folder)
}

/// With the flags that setuptools takes for a release, less those of this or that distribution.
fn c(
    name: &'static str,
    folder: &str,
    interpreter: &Interpreter,
    module: &'static str,
    flags: &[&str],
) -> Result<Peer> {
    let folder = self::folder(interpreter, folder)?;
    let library = folder.join(format!("{module}{}", interpreter.ext_suffix));
    let source = peers_folder().join("c").join(format!("{module}.c"));
    compile_c(interpreter, &source, &library, flags)?;
    peer(name, module, folder, &library)
}

/// Compiles a module in C against the interpreter's `Python.h`.
///
/// # Errors
/// If it does not compile.
pub fn compile_c(
    interpreter: &Interpreter,
    source: &Path,
    library: &Path,
    flags: &[&str],
) -> Result<()> {
    let mut command = compiler();
    // As rustc does, functions of the interpreter are called through the table of addresses.
    command.args(["-O3", "-fno-plt", "-Wall", "-DNDEBUG"]);
    command.arg("-Wno-deprecated-declarations");
    command.args(flags).args(["-fPIC", "-shared", "-o"]);
    command.arg(library).arg(source);
    command.args(headers::flags(interpreter)?);
    output(&mut command).map(drop)
}

/// As a user builds it: `cargo hpy build --release`.
fn hpy(name: &'static str, modules: Modules, abi: Abi, sources: &Path) -> Result<Peer> {
    let folder = scratch().join("rows").join(abi.key());
    let folder = folder.join(if sources == peers_folder() {
        "hpy"
    } else {
        "hpy-before"
    });
    let mut request = BuildRequest::new(sources.join(modules.hpy_folder).join("Cargo.toml"), abi);
    request.release = true;
    request.out = Out::Folder(folder.clone());
    request.quiet = true;
    let done = cargo_hpy::build(&request).map_err(|error| anyhow!("{error}"))?;
    let package = done.packages.first().context("no package was built")?;
    peer(name, modules.hpy, folder, &package.library)
}

/// As maturin builds it: not linked to libpython.
fn pyo3(
    name: &'static str,
    profile: &str,
    interpreter: &Interpreter,
    modules: Modules,
) -> Result<Peer> {
    let module = modules.pyo3;
    let target = scratch().join(modules.pyo3_folder).join(key(interpreter));
    output(
        pyo3_cargo(interpreter)
            .current_dir(peers_folder().join(modules.pyo3_folder))
            .args(["build", "--quiet", "--profile", profile, "--package"])
            .arg(module.replace('_', "-"))
            .arg("--target-dir")
            .arg(&target),
    )?;
    let library = target.join(profile).join(library_name(module));
    let folder = folder(interpreter, &profile.replace("release", "pyo3"))?;
    let file = folder.join(format!("{module}{}", interpreter.ext_suffix));
    std::fs::copy(&library, &file).with_context(|| format!("cannot copy {}", library.display()))?;
    peer(name, module, folder, &library)
}

fn peer(name: &'static str, module: &'static str, folder: PathBuf, library: &Path) -> Result<Peer> {
    Ok(Peer {
        name,
        module,
        folder,
        size: stripped_size(library)?,
    })
}
