//! nanobind, from PyPI: its library and a module are compiled with a plain C++ compiler, as
//! `nb_combined.cpp` says.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use cargo_hpy::Interpreter;

use super::commands::{output, peers_folder, scratch};
use super::headers;
use crate::interpreters;

/// The version that is measured.
pub const VERSION: &str = "3.1.0";

/// Builds a module from the peers' folder; the library.
///
/// # Errors
/// If nanobind cannot be had, or does not compile.
pub fn build(interpreter: &Interpreter, module: &str, folder: &Path) -> Result<PathBuf> {
    let cache = interpreters::Cache::open()?;
    let package = cache.once(&format!("nanobind/{VERSION}"), |folder| {
        let package = format!("nanobind=={VERSION}");
        interpreters::pip(&cache, false).install_pure(folder, "3.10", &[&package])
    })?;
    let home = package.join("nanobind");
    let compile = |source: &Path, object: &Path| {
        let mut command = compiler();
        command.args(["-std=c++17", "-O3", "-fPIC", "-fvisibility=hidden", "-c"]);
        command.args(["-DNDEBUG", "-DNB_COMPACT_ASSERTIONS"]);
        command.args(["-fno-strict-aliasing", "-ffunction-sections"]);
        command.args(["-fdata-sections", "-fno-stack-protector", "-o"]);
        command.arg(object).arg(source);
        for include in ["include", "ext/robin_map/include"] {
            command.arg("-I").arg(home.join(include));
        }
        command.args(headers::flags(interpreter)?);
        if interpreter.abi_flags.contains('t') {
            command.arg("-DNB_FREE_THREADED");
        }
        output(&mut command).map(drop)
    };
    let objects = scratch().join("nanobind").join(interpreter.key());
    std::fs::create_dir_all(&objects)
        .with_context(|| format!("cannot make {}", objects.display()))?;
    let (library, own) = (objects.join("nanobind.o"), objects.join("module.o"));
    if !library.exists() {
        compile(&home.join("src/nb_combined.cpp"), &library)?;
    }
    let source = peers_folder()
        .join("nanobind")
        .join(format!("{module}.cpp"));
    compile(&source, &own)?;
    let linked = folder.join(format!("{module}{}", interpreter.ext_suffix));
    let mut link = compiler();
    link.args(["-shared", "-Wl,--gc-sections", "-o"]);
    output(link.arg(&linked).arg(&own).arg(&library))?;
    Ok(linked)
}

fn compiler() -> Command {
    Command::new(std::env::var_os("CXX").unwrap_or_else(|| "c++".into()))
}
