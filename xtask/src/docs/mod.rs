//! `cargo xtask docs`: the API's documentation, the book and the links of all Markdown files.

mod book;
mod links;

use std::process::{Command, ExitCode};

use anyhow::{Result, bail};

use crate::bench::cargo;
use crate::tools::Missing;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Use no network: without mdbook in the cache the book is not built.
    #[arg(long)]
    offline: bool,
    /// Fail if mdbook cannot be had.
    #[arg(long)]
    require_all: bool,
}

/// The crates that users read about. With other features they have other documentation.
const API: [&str; 3] = ["hpy", "hpy-core", "hpy-sys"];

/// Runs the task. A warning of rustdoc or mdbook fails it, and so does a link that leads nowhere.
///
/// # Errors
/// If rustdoc or mdbook fails, or a file cannot be read.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let mut missing = Missing::default();
    let broken = links::check(&hpy_tests::checkout())?;
    for link in &broken {
        eprintln!("error: {link}");
    }
    println!("links: {} broken", broken.len());
    book::build(arguments.offline, &mut missing)?;
    rustdoc(cargo().args(["doc", "--workspace", "--no-deps"]))?;
    // The workspace's tests turn on the universal ABI: docs.rs shows the CPython one.
    let packages = API.iter().flat_map(|package| ["--package", package]);
    rustdoc(cargo().args(["doc", "--no-deps"]).args(packages))?;
    let failed = !broken.is_empty() || missing.fails(arguments.require_all);
    Ok(ExitCode::from(u8::from(failed)))
}

fn rustdoc(command: &mut Command) -> Result<()> {
    command
        .current_dir(hpy_tests::checkout())
        .env("RUSTDOCFLAGS", "-D warnings");
    if !command.status()?.success() {
        bail!("cargo doc failed");
    }
    Ok(())
}
