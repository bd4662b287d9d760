//! Interpreters of other systems, run by emulators: rows of the matrix such as
//! `linux-aarch64/cpython3.13`.
//!
//! Everything lies in a folder beside the interpreters' cache. `docs/platforms.md` says what is run
//! on which system.
//!
//! ```text
//! sid/                a Debian root with rustc, linkers, qemu and Wine
//! root-arm64/         Python for that processor, unpacked and not configured
//! win/py313/          Windows' CPython
//! mac/macosx-arm64/   CPython for macOS
//! testing-windows/    what pytest needs on Windows only
//! cargo-home/         the crates that are built in the root
//! bin/                a script for each row, which starts its interpreter
//! ```

mod build;
mod debian;
mod jar;
pub mod macos;
mod root;
mod rows;
mod windows;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use hpy_tests::headers::CApi;
use hpy_tests::host::{Abi, Host};

use crate::interpreters::{Cache, Implementation, Pip, pip, probe};
use root::Root;
use rows::Python;

pub use build::{Arguments as BuildArguments, build, run as run_build, tool};
pub use rows::{LANDING, ROWS, Row};

/// The rows that can be run, and why the others cannot.
#[derive(Debug, Default)]
pub struct Platforms {
    pub hosts: Vec<Host>,
    pub missing: BTreeMap<String, String>,
}

/// Finds the rows that are `asked` for. What is not cached is provided if `provide` says so, else
/// it is missing.
///
/// # Errors
/// If there is no folder for caches.
pub fn obtain(asked: impl Fn(&str) -> bool, provide: bool) -> Result<Platforms> {
    let mut all = Platforms::default();
    let interpreters = Cache::open()?;
    let cache = Cache::beside(&interpreters, "hpy-platforms")?;
    let pip = pip(&interpreters, !provide);
    for row in ROWS.iter().filter(|row| asked(row.name)) {
        match hosts(row, &cache, &pip, provide) {
            Ok(hosts) => all.hosts.extend(hosts),
            Err(reason) => {
                all.missing
                    .insert(row.name.to_string(), format!("{reason:#}"));
            }
        }
    }
    Ok(all)
}

fn hosts(row: &Row, cache: &Cache, pip: &Pip<'_>, provide: bool) -> Result<Vec<Host>> {
    if !cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        bail!("other systems are run on Linux on x86-64 only");
    }
    let root = Root::open(cache, provide)?;
    root.provide_tools(row, provide)?;
    let (script, more) = match row.python {
        Python::Unpacked(source) => {
            let folder = debian::python(&root, source, provide)?;
            (root.qemu_script(source, &folder), None)
        }
        Python::Jar(source) => {
            let folder = windows::python(cache, source, provide)?;
            let more = windows::packages(cache, pip)?;
            (root.wine_script(&folder), Some(more))
        }
    };
    let python = root::write_script(cache, row.name, &script)?;
    let probed = probe(&python).with_context(|| {
        let folder = cache.path();
        format!(
            "remove what belongs to it in {} to have it made again",
            folder.display()
        )
    })?;
    if probed.implementation != row.implementation || !probed.own_version().starts_with(row.version)
    {
        bail!("there is {} instead", probed.describe());
    }
    let numpy = row.numpy.and_then(|wanted| {
        let folder = row.name.replace('/', "-");
        let numpy = pip.numpy_of(&folder, &probed, wanted.requirement, wanted.platforms);
        numpy
            .inspect_err(|error| eprintln!("MISSING: numpy for {}: {error:#}", row.name))
            .ok()
    });
    let packages = [pip.pytest(&probed)?].into_iter().chain(more);
    let packages: Vec<PathBuf> = packages.chain(numpy).collect();
    let host = |abi: &Abi| Host {
        name: row.name.into(),
        interpreter: row.name.into(),
        abi: *abi,
        python: python.clone(),
        packages: packages.clone(),
        mode: None,
        without_hpy: row.implementation == Implementation::CPython,
        slow_start: false,
        c_api: CApi::NONE,
        triple: Some(row.triple),
    };
    Ok(row.abis.iter().map(host).collect())
}

/// The Debian root.
///
/// # Errors
/// If there is none and none is to be provided.
pub fn root(provide: bool) -> Result<Root> {
    Root::open(&Cache::beside(&Cache::open()?, "hpy-platforms")?, provide)
}

/// What is cached, or the advice to have it provided.
fn cached(path: &Path, provide: bool) -> Result<bool> {
    if path.exists() {
        return Ok(true);
    }
    if !provide {
        bail!(
            "{} is not there; `cargo xtask matrix --full` provides it",
            path.display()
        );
    }
    Ok(false)
}
