//! The wheel of the Python package: what pip installs.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use cargo_hpy::{GlibcLinker, GlibcVersion};

/// What pip knows the package by. PyPI's is `hpy`, and the two can be installed side by side.
pub const DISTRIBUTION: &str = "hpy-rs";

/// Builds the wheel. The same sources, compiler and Python give the same bytes.
///
/// The Python is that of `HPY_PYTHON` or of the active virtual environment, else `python3`.
///
/// # Errors
/// If the package does not compile, there is no Python, or this is not Linux: names of wheels are
/// known for that only.
pub fn wheel(target: &Path, linker: Option<&GlibcLinker>) -> Result<PathBuf> {
    let site = super::build(target, linker)?;
    let binary = site.join("hpy/universal").join(super::binary_name());
    let tag = tag(GlibcVersion::needed_by(&binary).map_err(anyhow::Error::msg)?)?;
    let folder = target.join("hpy/package/wheel");
    std::fs::create_dir_all(&folder)
        .with_context(|| format!("cannot make {}", folder.display()))?;
    let metadata = folder.join("METADATA");
    std::fs::write(&metadata, self::metadata()?)
        .with_context(|| format!("cannot write {}", metadata.display()))?;
    let python = cargo_hpy::Interpreter::find(None).map_err(anyhow::Error::msg)?;
    let output = Command::new(&python.path)
        .arg("-I")
        .arg(crate::checkout().join("tests/harness/python_package/wheel.py"))
        .args([&site, &folder])
        .arg(tag)
        .arg(&metadata)
        .args(["LICENSE-APACHE", "LICENSE-MIT"].map(|license| crate::checkout().join(license)))
        .output()
        .with_context(|| format!("{} does not start", python.path.display()))?;
    if !output.status.success() {
        bail!(
            "no wheel could be made\n{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(String::from_utf8(output.stdout)?.trim().into())
}

/// The oldest glibc that Rust's standard library works with, whichever symbols of it a file has.
const OLDEST: GlibcVersion = GlibcVersion(2, 17);

/// CPythons that are tested. `abi3` of the first stands for all later ones, but not for those
/// without the GIL. They are named one by one, with no ABI. No other interpreter takes such a
/// wheel: PyPy and GraalPy have nothing that it would serve.
const PYTHONS: &str = "cp39.cp310.cp311.cp312.cp313.cp314.cp315-abi3.none";

/// The Python files that `hpy.devel` writes beside extensions import `pkg_resources`, and
/// setuptools has had none since 82. Every CPython that is tested has one below.
const REQUIRES: &str = "setuptools<82";

/// One binary for every CPython; what it asks for is a version of glibc.
fn tag(glibc: Option<GlibcVersion>) -> Result<String> {
    if !cfg!(target_os = "linux") {
        bail!("wheels are made for Linux only so far: use the folder");
    }
    let architecture = std::env::consts::ARCH;
    Ok(match glibc.map(|needed| needed.max(OLDEST)) {
        Some(GlibcVersion(major, minor)) => {
            format!("{PYTHONS}-manylinux_{major}_{minor}_{architecture}")
        }
        None => format!("{PYTHONS}-linux_{architecture}"),
    })
}

fn metadata() -> Result<String> {
    let guide = crate::checkout().join("docs/package.md");
    let guide = std::fs::read_to_string(&guide)
        .with_context(|| format!("cannot read {}", guide.display()))?;
    Ok(format!(
        "Metadata-Version: 2.4\n\
         Name: {DISTRIBUTION}\n\
         Version: {}\n\
         Summary: Loads universal HPy extensions, those written in C among them, \
         on every CPython from 3.9 on\n\
         Project-URL: Repository, {}\n\
         License-Expression: {}\n\
         License-File: LICENSE-APACHE\n\
         License-File: LICENSE-MIT\n\
         Classifier: Operating System :: POSIX :: Linux\n\
         Classifier: Programming Language :: Python :: 3\n\
         Classifier: Programming Language :: Python :: Implementation :: CPython\n\
         Classifier: Programming Language :: Rust\n\
         Requires-Python: >=3.9\n\
         Requires-Dist: {REQUIRES}\n\
         Description-Content-Type: text/markdown\n\
         \n\
         {guide}",
        env!("CARGO_PKG_VERSION"),
        env!("CARGO_PKG_REPOSITORY"),
        env!("CARGO_PKG_LICENSE"),
    ))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn the_tag_is_honest() {
        let architecture = std::env::consts::ARCH;
        assert_eq!(
            tag(Some(GlibcVersion(2, 34))).unwrap(),
            format!("{PYTHONS}-manylinux_2_34_{architecture}")
        );
        assert_eq!(
            tag(Some(GlibcVersion(2, 14))).unwrap(),
            format!("{PYTHONS}-manylinux_2_17_{architecture}")
        );
        assert_eq!(
            tag(None).unwrap(),
            format!("{PYTHONS}-linux_{architecture}")
        );
    }
}
