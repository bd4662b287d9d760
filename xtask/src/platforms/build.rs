//! Builds topics for another system, with the tools in the Debian root.
//!
//! The task starts itself within the root, where `cargo hpy`'s library finds that root's rustc and
//! linkers.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, anyhow, bail};
use cargo_hpy::{Abi, Interpreter};
use hpy_tests::host::{self, Host};
use hpy_tests::plan::Plan;
use hpy_tests::topics;

use super::root::{PATH, Root};
use super::rows::ROWS;
use crate::interpreters::Cache;

/// What is said to the task within.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// What rustc builds for.
    #[arg(long)]
    triple: String,
    /// A version of CPython to build for; without, the universal ABI.
    #[arg(long)]
    python_version: Option<String>,
    /// The folder of the built files.
    #[arg(long)]
    out: PathBuf,
    /// The topics.
    #[arg(long, value_delimiter = ',')]
    topic: Vec<String>,
}

/// Runs the task within.
///
/// # Errors
/// If anything does not compile.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let topics = topics::find(&hpy_tests::checkout(), &arguments.topic)?;
    let abi = match &arguments.python_version {
        None => Abi::Universal,
        Some(version) => {
            let python = Interpreter::for_target(version, &arguments.triple);
            Abi::CPython(python.map_err(|error| anyhow!("{error}"))?)
        }
    };
    let mut plan = Plan::of(&topics)?;
    plan.triple = Some(arguments.triple.clone());
    plan.build(&abi, None, &arguments.out)?;
    Ok(ExitCode::SUCCESS)
}

/// Builds topics for a host of another system. Returns the folder of the files.
///
/// # Errors
/// If anything does not compile.
pub fn build(host: &Host, triple: &str, topics: &[&str], target: &Path) -> Result<PathBuf> {
    let row = ROWS.iter().find(|row| row.name == host.interpreter);
    let row = row.with_context(|| format!("no row is named {}", host.interpreter))?;
    let own = target.join("hpy/platforms");
    let out = match host.abi {
        host::Abi::Universal => own.join(format!("{triple}-universal")),
        host::Abi::Cpython => own.join(host.interpreter.replace('/', "-")),
    };
    let program = std::env::current_exe()?;
    let mut command = tool(&program, triple)?;
    command
        .args(["build-topics", "--triple", triple, "--out"])
        .arg(&out)
        .args(["--topic", &topics.join(",")]);
    if host.abi == host::Abi::Cpython {
        let version: Vec<_> = row.version.iter().map(u32::to_string).collect();
        command.args(["--python-version", &version.join(".")]);
    }
    let status = command.status().context("unshare does not start")?;
    if !status.success() {
        bail!("building for {triple} failed ({status}); see above");
    }
    Ok(out)
}

/// A command in the Debian root that builds for a target, in a target folder of its own.
///
/// # Errors
/// If there is no root.
pub fn tool(program: &Path, triple: &str) -> Result<Command> {
    let interpreters = Cache::open()?;
    let cache = Cache::beside(&interpreters, "hpy-platforms")?;
    let root = Root::open(&cache, false)?;
    let zig = interpreters.path().join("ziglang/ziglang");
    let mut command = root.command(&program.display().to_string());
    command
        .env("PATH", format!("{}:{PATH}", zig.display()))
        .env("CARGO_HOME", cache.path().join("cargo-home"))
        .env(
            "CARGO_TARGET_DIR",
            hpy_tests::target().join("hpy/platforms"),
        )
        .env("ZIG_GLOBAL_CACHE_DIR", cache.path().join("zig-cache"))
        .env("CARGO_INCREMENTAL", "0")
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .current_dir(hpy_tests::checkout());
    if !triple.contains("linux-gnu") {
        // Debian has no standard library for it.
        command
            .env("RUSTC_BOOTSTRAP", "1")
            .env("CARGO_UNSTABLE_BUILD_STD", "std,panic_unwind");
    }
    Ok(command)
}
