//! `cargo xtask package`: the Python package `hpy`, as a folder to import from.

use std::process::ExitCode;

use anyhow::Result;

#[derive(Debug, clap::Args)]
pub struct Arguments {}

/// Runs the task.
///
/// # Errors
/// If the package cannot be built.
pub fn run(_arguments: &Arguments) -> Result<ExitCode> {
    let folder = hpy_tests::python_package::build(&hpy_tests::target())?;
    println!("{}", folder.display());
    Ok(ExitCode::SUCCESS)
}
