//! HPy's own test suite: the source archive of PyPI's hpy, unpacked in the cache, and the functions
//! in it.
//!
//! ```text
//! conformance/suite/test/              the suite
//! conformance/suite/proof-of-concept/  four extensions with their tests
//! conformance/suite/hpy/devel/         what they are compiled with; no other part of the package
//!                                      `hpy`
//! conformance/packages/                what the suite imports beside pytest: setuptools, filelock
//! conformance/binaries/                what was compiled, by the hash of what went in
//! ```

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::interpreters::{Cache, Pip, UPSTREAM};

/// How many there are in the archive of hpy 0.9.0: 363 in `test`, 12 in `proof-of-concept`.
pub const FUNCTIONS: usize = 375;

/// So many of them are for what the package does not have: setuptools.
pub const NOT_RUN: usize = 10;

/// Pure Python that runs on 3.9 and later. The Python file that HPy puts beside a universal binary
/// imports pkg_resources, which newer setuptools lack.
const PACKAGES: [&str; 2] = ["setuptools<81", "filelock"];

/// The parts of the archive that are used.
const PARTS: [&str; 3] = ["test", "proof-of-concept", "hpy/devel"];

#[derive(Debug)]
pub struct Suite {
    /// The folder of the suite's parts.
    pub folder: PathBuf,
    /// For PYTHONPATH.
    pub packages: PathBuf,
    /// Keeps what was compiled, between runs too.
    pub binaries: PathBuf,
    /// `test/test_x.py::TestX::test_y`, as the files define them.
    pub functions: BTreeSet<String>,
}

impl Suite {
    /// Unpacks what is not in the cache.
    ///
    /// # Errors
    /// If it cannot be had, or is not the suite that is known.
    pub fn provide(cache: &Cache, pip: &Pip) -> Result<Suite> {
        let folder = cache.once("conformance/suite", |attempt| {
            let download = attempt.join("download");
            let archive = pip.download_source(&download, UPSTREAM)?;
            unpack(&archive, &download, attempt)?;
            std::fs::remove_dir_all(&download)
                .with_context(|| format!("cannot remove {}", download.display()))
        })?;
        let packages = cache.once("conformance/packages", |attempt| {
            pip.install_pure(attempt, "3.9", &PACKAGES)
        })?;
        let functions = functions(&folder)?;
        if functions.len() != FUNCTIONS {
            bail!(
                "{} test functions in {}, not {FUNCTIONS}: remove it to have it made again",
                functions.len(),
                folder.display()
            );
        }
        Ok(Suite {
            folder,
            packages,
            binaries: cache.path().join("conformance/binaries"),
            functions,
        })
    }
}

fn unpack(archive: &Path, scratch: &Path, target: &Path) -> Result<()> {
    let unpacked = scratch.join("unpacked");
    std::fs::create_dir_all(&unpacked)?;
    crate::interpreters::run_quietly(
        Command::new("tar")
            .arg("-xf")
            .arg(archive)
            .arg("--strip-components=1")
            .arg("-C")
            .arg(&unpacked),
    )?;
    for part in PARTS {
        let place = target.join(part);
        std::fs::create_dir_all(place.parent().unwrap_or(target))?;
        std::fs::rename(unpacked.join(part), &place)
            .with_context(|| format!("{} has no {part}", archive.display()))?;
    }
    Ok(())
}

fn functions(folder: &Path) -> Result<BTreeSet<String>> {
    let mut functions = BTreeSet::new();
    for part in ["test", "proof-of-concept"] {
        collect(folder, Path::new(part), &mut functions)?;
    }
    Ok(functions)
}

fn collect(folder: &Path, below: &Path, functions: &mut BTreeSet<String>) -> Result<()> {
    let full = folder.join(below);
    let entries = std::fs::read_dir(&full)
        .and_then(|entries| entries.collect::<Result<Vec<_>, _>>())
        .with_context(|| format!("cannot read {}", full.display()))?;
    for entry in entries {
        let path = below.join(entry.file_name());
        if entry.path().is_dir() {
            collect(folder, &path, functions)?;
        } else if is_test(&path) {
            let source = std::fs::read_to_string(entry.path())
                .with_context(|| format!("cannot read {}", entry.path().display()))?;
            let path = path.display().to_string();
            functions.extend(
                defined_in(&source)
                    .into_iter()
                    .map(|name| format!("{path}::{name}")),
            );
        }
    }
    Ok(())
}

fn is_test(path: &Path) -> bool {
    let name = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    name.starts_with("test_") && name.ends_with(".py")
}

/// Test functions of a module and methods of its classes. Deeper ones would be pytest's to ignore
/// too.
fn defined_in(source: &str) -> Vec<String> {
    let name_after = |line: &str, keyword: &str| {
        let rest = line.strip_prefix(keyword)?;
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_')?;
        Some(rest[..end].to_string())
    };
    let mut class = None;
    let mut found = Vec::new();
    for line in source.lines() {
        if let Some(name) = name_after(line, "class ") {
            class = Some(name);
        } else if let Some(name) = name_after(line, "def ") {
            class = None;
            if name.starts_with("test_") {
                found.push(name);
            }
        } else if let (Some(class), Some(name)) = (&class, name_after(line, "    def "))
            && name.starts_with("test_")
        {
            found.push(format!("{class}::{name}"));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_named_as_pytest_names_them() {
        let source = "class A(B):\n    x = 1\n    def test_a(self):\n        def \
                      test_no(): pass\n    def helper(self): pass\n\
                      def test_b(\n        tmpdir):\n    pass\n\
                      class C:\n    def test_a(self): pass\n";
        assert_eq!(defined_in(source), ["A::test_a", "test_b", "C::test_a"]);
    }
}
