//! CPython built from a source package of Debian or Ubuntu, for configurations that no distribution
//! has as a package.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::cache::Cache;
use super::command::{need_packages, run};
use super::debian;
use super::wanted::{Distribution, SourceBuild};

/// What CPython and its modules `_ctypes`, `zlib` and `_ssl` are built with, as Debian packages.
const BUILT_WITH: &[&str] = &[
    "gcc",
    "libc6-dev",
    "make",
    "xz-utils",
    "libffi-dev",
    "zlib1g-dev",
    "libssl-dev",
];

/// Configuration beside the row's own: pytest comes by PYTHONPATH, so no pip; nobody runs CPython's
/// tests; Rust programs embed the shared library.
const ALWAYS: &[&str] = &[
    "--without-ensurepip",
    "--disable-test-modules",
    "--enable-shared",
];

/// Modules that configure leaves out without complaint if it misses a library.
const MUST_IMPORT: &str = "import ctypes, ssl, zlib";

/// The interpreter, built once.
///
/// # Errors
/// If the source or the tools cannot be had, or the build fails.
pub fn provide(cache: &Cache, source: SourceBuild, offline: bool) -> Result<PathBuf> {
    let relative = format!("built/{}", source.folder);
    let prefix = cache.path().join(&relative);
    if !prefix.is_dir() {
        if offline {
            bail!("not in the cache, and --offline was given");
        }
        eprintln!(
            "Building {} from {} {}'s source: about ten minutes.",
            source.package, source.distribution, source.suite
        );
        need_packages(BUILT_WITH)?;
        let archive = match source.distribution {
            Distribution::Debian => debian::original_source(cache, source.suite, source.package)?,
            Distribution::Ubuntu => {
                debian::original_source_of_ubuntu(cache, source.suite, source.package)?
            }
        };
        cache.once(&relative, |attempt| {
            build(&archive, source.configure, attempt, &prefix)
        })?;
    }
    Ok(prefix.join("bin/python3"))
}

/// Builds for `prefix`, where it cannot be yet, and leaves in `attempt` what belongs there.
fn build(archive: &Path, configure: &[&str], attempt: &Path, prefix: &Path) -> Result<()> {
    let work = attempt.join("work");
    let staged = attempt.join("staged");
    std::fs::create_dir_all(&work).with_context(|| format!("cannot make {}", work.display()))?;
    run(Command::new("tar")
        .arg("-xf")
        .arg(archive)
        .arg("--strip-components=1")
        .arg("-C")
        .arg(&work))?;
    run(Command::new(work.join("configure"))
        .arg(format!("--prefix={}", prefix.display()))
        .arg(format!("LDFLAGS=-Wl,-rpath,{}/lib", prefix.display()))
        .args(ALWAYS)
        .args(configure)
        .current_dir(&work))?;
    let jobs = std::thread::available_parallelism().map_or(1, usize::from);
    run(Command::new("make")
        .arg(format!("-j{jobs}"))
        .current_dir(&work))?;
    run(Command::new("make")
        .arg("install")
        .arg(format!("DESTDIR={}", staged.display()))
        .current_dir(&work))?;
    take_out(&staged, prefix, attempt)?;
    run(Command::new(attempt.join("bin/python3"))
        .args(["-I", "-c", MUST_IMPORT])
        // It is not yet where it looks for its library.
        .env("LD_LIBRARY_PATH", attempt.join("lib")))
    .context("the build lacks a module")?;
    for folder in [work, staged] {
        std::fs::remove_dir_all(&folder)
            .with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    Ok(())
}

/// Moves what was installed below `staged`, in the folders of `prefix`, to `target`.
fn take_out(staged: &Path, prefix: &Path, target: &Path) -> Result<()> {
    let below = staged.join(prefix.strip_prefix("/").unwrap_or(prefix));
    let move_all = || {
        for entry in std::fs::read_dir(&below)? {
            let entry = entry?;
            std::fs::rename(entry.path(), target.join(entry.file_name()))?;
        }
        std::io::Result::Ok(())
    };
    move_all().with_context(|| format!("cannot move what is in {}", below.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_staged_for_a_prefix_is_moved_without_it() {
        let folder = std::env::temp_dir().join(format!("hpy-built-test-{}", std::process::id()));
        let staged = folder.join("staged");
        std::fs::create_dir_all(staged.join("opt/python/bin")).unwrap();
        std::fs::write(staged.join("opt/python/bin/python3"), "x").unwrap();
        let moved = take_out(&staged, Path::new("/opt/python"), &folder);
        let there = folder.join("bin/python3").is_file();
        let missing = take_out(&staged, Path::new("/elsewhere"), &folder);
        std::fs::remove_dir_all(&folder).unwrap();
        moved.unwrap();
        assert!(there);
        assert!(missing.unwrap_err().to_string().contains("elsewhere"));
    }
}
