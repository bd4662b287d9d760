//! `cargo xtask package`: the Python package `hpy` as a wheel, and as a folder to import from.

use std::process::ExitCode;

use anyhow::{Error, Result};
use cargo_hpy::{GlibcLinker, GlibcVersion};
use hpy_tests::python_package;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Make no wheel, but a folder for PYTHONPATH.
    #[arg(long)]
    folder: bool,
    /// Link for systems with this version of glibc and newer ones, which takes Zig; by default for
    /// this machine's. Wheels for everybody are made with 2.17.
    #[arg(long, value_name = "VERSION")]
    glibc: Option<GlibcVersion>,
}

/// Runs the task.
///
/// # Errors
/// If the package cannot be built.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let target = hpy_tests::target();
    let linker = arguments.glibc.map(|glibc| GlibcLinker::find(glibc, None));
    let linker = linker.transpose().map_err(Error::msg)?;
    let built = if arguments.folder {
        python_package::build(&target, linker.as_ref())?
    } else {
        python_package::wheel(&target, linker.as_ref())?
    };
    println!("{}", built.display());
    Ok(ExitCode::SUCCESS)
}
