//! Runs the commands of packaging.

use std::ffi::{OsStr, OsString};
use std::process::ExitCode;

use super::{PackageAbi, PackagingVerb, WheelOf};
use crate::error::{Error, Result};
use crate::packaging::{self, WheelRequest};
use crate::{Abi, Implementation, Interpreter};

pub(in crate::cli) fn execute(verb: PackagingVerb, _arguments: &[OsString]) -> Result<ExitCode> {
    match verb {
        PackagingVerb::Wheel(what) => wheel(what),
    }
}

fn wheel(what: WheelOf) -> Result<ExitCode> {
    let mut abis = what.abi.clone();
    if abis.is_empty() {
        abis.push(default_abi(&what.folder)?);
    }
    let out = what.out.unwrap_or_else(|| what.folder.join("dist"));
    for abi in abis {
        for abi in resolve(abi, &what.python)? {
            let wheel = packaging::wheel(&WheelRequest {
                folder: what.folder.clone(),
                abi,
                release: what.release,
                out: out.clone(),
                glibc: what.glibc,
                python: what.python.first().cloned(),
                quiet: what.quiet,
            })?;
            println!("{}", wheel.display());
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn default_abi(folder: &std::path::Path) -> Result<PackageAbi> {
    Ok(match packaging::default_abi(folder)?.as_deref() {
        Some("cpython") => PackageAbi::Cpython,
        _ => PackageAbi::Universal,
    })
}

/// The ABI for each of the interpreters. The universal one needs none.
fn resolve(abi: PackageAbi, pythons: &[OsString]) -> Result<Vec<Abi>> {
    if abi == PackageAbi::Universal {
        return Ok(vec![Abi::Universal]);
    }
    let cpython = |python: Option<&OsStr>| {
        let found = Interpreter::find(python)?;
        match found.implementation {
            Implementation::CPython => Ok(Abi::CPython(found)),
            _ => Err(Error::new(format!(
                "{} is {found}; the CPython ABI is for CPython alone",
                found.path.display()
            ))
            .advise("name a CPython with --python, or use --abi universal")),
        }
    };
    if pythons.is_empty() {
        return Ok(vec![cpython(None)?]);
    }
    pythons.iter().map(|python| cpython(Some(python))).collect()
}
