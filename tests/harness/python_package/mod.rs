//! The Python package `hpy` as this project has it: in a folder that Python can import it from, and
//! as a wheel.

mod wheel;

use std::path::{Path, PathBuf};

use anyhow::{Error, Result};
use cargo_hpy::{GlibcLinker, build_python_package};

pub use cargo_hpy::package_binary_name as binary_name;
pub use wheel::{DISTRIBUTION, wheel};

/// Builds the package and puts its files together. The folder is for `PYTHONPATH`, and has nothing
/// but `hpy` in it. With a `linker` the result loads with the glibc that it links for, else with
/// this machine's.
///
/// # Errors
/// If the binary does not compile, or the folder cannot be written.
pub fn build(target: &Path, linker: Option<&GlibcLinker>) -> Result<PathBuf> {
    build_python_package(target, linker).map_err(Error::msg)
}
