//! `cargo xtask embedded`: the tests of `examples/tested`, which use Python, in every CPython. The
//! program is built once, as nothing of an interpreter is linked to it.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};

use crate::bench::{cargo, output};
use crate::interpreters::{self, Implementation};

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Only these interpreters, as `cargo xtask interpreters` names them.
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    only: Vec<String>,
    /// Executables of further interpreters.
    #[arg(long, value_name = "PATH")]
    python: Vec<PathBuf>,
    /// Provide no interpreter over the network.
    #[arg(long)]
    offline: bool,
    /// Fail if an interpreter is missing or has no shared library.
    #[arg(long)]
    require_all: bool,
}

/// How many tests the example has.
const PASSED: &str = "6 passed; 0 failed";

/// Runs the task.
///
/// # Errors
/// If the example does not compile, or its tests fail on an interpreter.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let asked =
        |name: &str| arguments.only.is_empty() || arguments.only.iter().any(|one| one == name);
    let is_asked = |row: &interpreters::Wanted| {
        row.implementation == Implementation::CPython && asked(row.name)
    };
    let interpreters = interpreters::obtain(is_asked, arguments.offline)?;
    interpreters.warn_of_missing();
    let found = interpreters.found.iter();
    let mut pythons: Vec<(String, &Path)> = found
        .map(|found| (found.name.to_owned(), &*found.executable))
        .collect();
    let further = arguments.python.iter();
    pythons.extend(further.map(|path| (path.display().to_string(), &**path)));
    if pythons.is_empty() {
        bail!("no interpreter to run on");
    }
    let program = program()?;
    let (mut failed, mut missing) = (0, interpreters.missing.len());
    for (name, python) in pythons {
        let (passed, said) = tests(&program, python)?;
        if passed {
            println!("{name}: {PASSED}");
        } else if said.contains("has no shared library") {
            println!("{name}: MISSING: it has no shared library");
            missing += 1;
        } else {
            println!("{name}: FAILED\n{said}");
            failed += 1;
        }
    }
    let fails = failed != 0 || arguments.require_all && missing != 0;
    Ok(ExitCode::from(u8::from(fails)))
}

/// The program that `cargo test` would run.
fn program() -> Result<PathBuf> {
    let manifest = hpy_tests::checkout().join("examples/tested/Cargo.toml");
    let messages = output(
        cargo()
            .args([
                "test",
                "--lib",
                "--no-run",
                "--quiet",
                "--message-format=json",
            ])
            .arg("--manifest-path")
            .arg(manifest)
            .arg("--target-dir")
            .arg(hpy_tests::target().join("embedded")),
    )?;
    messages
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .find_map(|message| message["executable"].as_str().map(PathBuf::from))
        .context("cargo names no program")
}

/// Whether the tests pass, and what they print.
fn tests(program: &Path, python: &Path) -> Result<(bool, String)> {
    let mut command = match loader(python)? {
        None => Command::new(program),
        Some((loader, libraries)) => {
            let mut command = Command::new(loader);
            command.arg("--library-path").arg(libraries).arg(program);
            command
        }
    };
    let output = command
        .env("HPY_PYTHON", python)
        .env("HPY_TEST_REQUIRED", "1")
        .env_remove("PYTHONHOME")
        .env_remove("PYTHONPATH")
        .output()
        .with_context(|| format!("cannot run {}", program.display()))?;
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said).into_owned();
    Ok((output.status.success() && said.contains(PASSED), said))
}

/// The loader and the libraries of a program of a Debian root, where it has a newer C library than
/// this machine: a process has one C library, and Python's library needs the newer one.
fn loader(python: &Path) -> Result<Option<(String, PathBuf)>> {
    let name = python.file_name().unwrap_or_default().to_string_lossy();
    if !name.ends_with("-on-host") {
        return Ok(None);
    }
    let loader = output(
        Command::new("patchelf")
            .arg("--print-interpreter")
            .arg(python),
    )?;
    let usr = python.ancestors().nth(2).unwrap_or(python);
    let libraries = usr.join(format!("lib/{}-linux-gnu", std::env::consts::ARCH));
    Ok(Path::new(&loader)
        .starts_with(usr.parent().unwrap_or(usr))
        .then_some((loader, libraries)))
}
