//! `cargo xtask package`: the Python package `hpy` as a wheel, and as a folder to import from.

use std::process::ExitCode;

use anyhow::Result;
use hpy_tests::python_package;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Make no wheel, but a folder for PYTHONPATH.
    #[arg(long)]
    folder: bool,
}

/// Runs the task.
///
/// # Errors
/// If the package cannot be built.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let target = hpy_tests::target();
    let built = if arguments.folder {
        python_package::build(&target)?
    } else {
        python_package::wheel(&target)?
    };
    println!("{}", built.display());
    Ok(ExitCode::SUCCESS)
}
