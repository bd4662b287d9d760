//! `cargo xtask size`: what `hpy` adds to a file.
//!
//! Rust's standard library makes up most of any small `cdylib`, and no extension can do without it.
//! So the example hello is compared with an empty `cdylib` of the same profile, both stripped; what
//! is left is `hpy` and hello's own code.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, anyhow};
use cargo_hpy::Interpreter;
use serde_json::{Value, json};

use crate::bench::{
    Section, cargo, docs, library_name, output, pyo3_cargo, stripped_size, write_section,
};
use crate::profile::{HPY_CRATES, PROFILES, Profile};

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The interpreter for the CPython ABI and for PyO3, as a path or a command. By default as for
    /// `cargo hpy`.
    #[arg(long, value_name = "PATH")]
    python: Option<PathBuf>,
    /// Write the results to a file.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Leave docs/benchmarks.md as it is.
    #[arg(long)]
    no_docs: bool,
    /// Only what the aims are about: one profile, without PyO3, and docs/benchmarks.md stays as it
    /// is.
    #[arg(long)]
    aims: bool,
    /// Fail beyond these sizes alone, in kilobytes: that of the CPython ABI and that of the
    /// universal one. An aim that is missed is told.
    #[arg(long, value_name = "KB", num_args = 2)]
    at_most: Option<Vec<u64>>,
}

/// What is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Library {
    Empty,
    CPython,
    Universal,
    PyO3,
}

/// One row.
struct Sizes {
    profile: &'static Profile,
    empty: u64,
    cpython: u64,
    universal: u64,
    /// None where PyO3 cannot be had.
    pyo3: Option<u64>,
}

/// At most so many bytes over an empty library, in the CPython ABI and in the universal one with
/// its runtime.
const AIMS: (u64, u64) = (40_000, 100_000);

/// Runs the task. Fails if the aims are missed.
///
/// # Errors
/// If a library cannot be built, or a file cannot be written.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let wanted = arguments.python.as_deref().map(Path::as_os_str);
    let interpreter = Interpreter::find(wanted).map_err(|error| anyhow!("{error}"))?;
    let mut rows = Vec::new();
    let wanted = |profile: &&Profile| profile.recommended || !arguments.aims;
    for profile in PROFILES.iter().filter(wanted) {
        rows.push(measure(profile, &interpreter, !arguments.aims)?);
    }
    let section = Section {
        key: "size".into(),
        text: table(&rows, &interpreter),
    };
    println!("{}", section.text);
    if !arguments.no_docs && !arguments.aims {
        write_section(&docs(), &section)?;
    }
    if let Some(file) = &arguments.json {
        let results: Vec<Value> = rows.iter().map(Sizes::json).collect();
        std::fs::write(file, format!("{:#}\n", Value::from(results)))
            .with_context(|| format!("cannot write {}", file.display()))?;
    }
    let beyond = |limits| {
        rows.iter()
            .any(|row| row.profile.recommended && row.is_beyond(limits))
    };
    let limits = match arguments.at_most.as_deref() {
        Some([cpython, universal]) => (cpython * 1000, universal * 1000),
        _ => AIMS,
    };
    for (what, limits) in [("the aims", AIMS), ("the limits", limits)] {
        if beyond(limits) {
            let (cpython, universal) = (kilobytes(limits.0), kilobytes(limits.1));
            eprintln!(
                "more than {what}, {cpython} in the CPython ABI and {universal} in the universal \
                 one"
            );
        }
    }
    Ok(if beyond(limits) {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

fn measure(profile: &'static Profile, interpreter: &Interpreter, with_pyo3: bool) -> Result<Sizes> {
    eprintln!("   Building with {}", profile.name);
    let empty = Library::Empty.size(profile, interpreter)?;
    let over_empty = |library: Library| -> Result<u64> {
        Ok(library.size(profile, interpreter)?.saturating_sub(empty))
    };
    let pyo3 = with_pyo3.then(|| over_empty(Library::PyO3));
    if let Some(Err(error)) = &pyo3 {
        eprintln!("   PyO3 is left out: {error:#}");
    }
    Ok(Sizes {
        profile,
        empty,
        cpython: over_empty(Library::CPython)?,
        universal: over_empty(Library::Universal)?,
        pyo3: pyo3.and_then(Result::ok),
    })
}

impl Library {
    /// Builds it; its size without symbols.
    fn size(self, profile: &Profile, interpreter: &Interpreter) -> Result<u64> {
        let target = scratch().join(match self {
            Library::Empty => "empty",
            Library::CPython => "cpython",
            Library::Universal => "universal",
            Library::PyO3 => "pyo3",
        });
        let mut command = match self {
            Library::Empty => {
                let mut command = cargo();
                command.current_dir(empty_crate()?);
                command
            }
            Library::PyO3 => pyo3_cargo(interpreter),
            Library::CPython | Library::Universal => {
                let mut command = cargo();
                command
                    .current_dir(hpy_tests::checkout())
                    .env("HPY_PYTHON", &interpreter.path);
                command
            }
        };
        let (package, krate) = match self {
            Library::Empty => ("empty", "empty"),
            Library::PyO3 => ("hello-pyo3", "hello_pyo3"),
            Library::CPython | Library::Universal => ("hello", "hello"),
        };
        command.args(["build", "--quiet", "--release", "--package", package]);
        if self == Library::Universal {
            command.args(["--features", "universal"]);
        }
        command.arg("--target-dir").arg(&target);
        let crates: &[&str] = match self {
            Library::CPython | Library::Universal => &HPY_CRATES,
            Library::Empty | Library::PyO3 => &[],
        };
        profile.set(&mut command, crates);
        output(&mut command)?;
        stripped_size(&target.join("release").join(library_name(krate)))
    }
}

/// A crate of nothing, in a workspace of its own.
fn empty_crate() -> Result<PathBuf> {
    let folder = scratch().join("empty-crate");
    let manifest = "[workspace]\n\n[package]\nname = \"empty\"\nversion = \"0.0.0\"\n\
                    edition = \"2024\"\n\n\
                    [lib]\ncrate-type = [\"cdylib\"]\n";
    for (name, text) in [("Cargo.toml", manifest), ("src/lib.rs", "//! Nothing.\n")] {
        let file = folder.join(name);
        let parent = file.parent().unwrap_or(&folder);
        std::fs::create_dir_all(parent)
            .and_then(|()| std::fs::write(&file, text))
            .with_context(|| format!("cannot write {}", file.display()))?;
    }
    Ok(folder)
}

fn scratch() -> PathBuf {
    hpy_tests::target().join("size")
}

impl Sizes {
    fn is_beyond(&self, limits: (u64, u64)) -> bool {
        self.cpython > limits.0 || self.universal > limits.1
    }

    fn json(&self) -> Value {
        json!({
            "profile": self.profile.name,
            "empty": self.empty,
            "cpython": self.cpython,
            "universal": self.universal,
            "pyo3": self.pyo3,
        })
    }
}

fn table(rows: &[Sizes], interpreter: &Interpreter) -> String {
    let mut text = String::from(
        "| profile | empty `cdylib` | hpy, CPython ABI | hpy, universal ABI | PyO3 |\n\
         |---|---:|---:|---:|---:|",
    );
    for row in rows {
        let over = |size: u64| format!("+{}", kilobytes(size));
        let _ = write!(
            text,
            "\n| {} | {} | {} | {} | {} |",
            row.profile.name,
            kilobytes(row.empty),
            over(row.cpython),
            over(row.universal),
            row.pyo3.map_or_else(|| "not measured".into(), over),
        );
    }
    let _ = write!(text, "\n\nFor {interpreter}.");
    text
}

fn kilobytes(size: u64) -> String {
    format!("{:.1} KB", size as f64 / 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn either_aim_can_be_missed() {
        let row = |cpython, universal| Sizes {
            profile: &PROFILES[0],
            empty: 0,
            cpython,
            universal,
            pyo3: None,
        };
        assert!(!row(40_000, 100_000).is_beyond(AIMS));
        assert!(row(40_001, 1).is_beyond(AIMS));
        assert!(row(1, 100_001).is_beyond(AIMS));
    }
}
