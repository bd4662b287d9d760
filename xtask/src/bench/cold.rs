//! Cold builds of the example hello, with hpy and with PyO3.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::Result;
use cargo_hpy::Interpreter;

use super::commands::{cargo, empty, library_name, output, pyo3_cargo, scratch, stripped_size};
use super::peers::compile_c;
use super::series::Series;

/// What is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hello {
    C,
    CPython,
    Universal,
    PyO3,
}

/// One row: a way to build hello.
#[derive(Debug)]
pub struct Build {
    pub name: &'static str,
    /// `cargo build`; in C there is only one.
    pub debug: Option<Series>,
    /// `cargo build --release`.
    pub release: Series,
    /// Of the release, without its symbols, in bytes.
    pub size: u64,
    /// How many crates were compiled.
    pub crates: usize,
}

/// Builds each into an empty target folder. What they depend on has been downloaded before.
///
/// # Errors
/// If one does not compile.
pub fn measure(interpreter: &Interpreter, rounds: usize) -> Result<Vec<Build>> {
    let kinds = [
        ("C", Hello::C),
        ("hpy, CPython ABI", Hello::CPython),
        ("hpy, universal ABI", Hello::Universal),
        ("PyO3", Hello::PyO3),
    ];
    for kind in [Hello::CPython, Hello::PyO3] {
        let mut fetch = kind.cargo(interpreter);
        output(fetch.arg("fetch").args(["--quiet", "--locked"]))?;
    }
    let mut builds = kinds.map(|(name, kind)| Build {
        name,
        debug: (kind != Hello::C).then(Series::default),
        release: Series::default(),
        size: 0,
        crates: 0,
    });
    for round in 1..=rounds {
        eprintln!("   Building hello, round {round} of {rounds}");
        for ((_, kind), build) in kinds.into_iter().zip(&mut builds) {
            if let Some(debug) = &mut build.debug {
                debug.push(kind.build(interpreter, false)?.0);
            }
        }
        for ((_, kind), build) in kinds.into_iter().zip(&mut builds) {
            let (time, library, crates) = kind.build(interpreter, true)?;
            build.release.push(time);
            build.size = stripped_size(&library)?;
            build.crates = crates;
        }
    }
    Ok(builds.into())
}

impl Hello {
    fn cargo(self, interpreter: &Interpreter) -> std::process::Command {
        match self {
            Hello::PyO3 => pyo3_cargo(interpreter),
            _ => {
                let mut command = cargo();
                command
                    .current_dir(hpy_tests::checkout())
                    .env("HPY_PYTHON", &interpreter.path);
                command
            }
        }
    }

    /// The time, the library and the number of crates.
    fn build(self, interpreter: &Interpreter, release: bool) -> Result<(Duration, PathBuf, usize)> {
        let target = scratch().join("cold");
        empty(&target)?;
        if self == Hello::C {
            let library = target.join("hello_c.so");
            let source = hpy_tests::checkout().join("examples/hello/c/hello_c.c");
            let start = Instant::now();
            compile_c(interpreter, &source, &library, &[])?;
            return Ok((start.elapsed(), library, 0));
        }
        let mut command = self.cargo(interpreter);
        command.args(["build", "--quiet", "--offline", "--message-format", "json"]);
        command.arg("--target-dir").arg(&target);
        if release {
            command.arg("--release");
        }
        let krate = match self {
            Hello::PyO3 => {
                command.args(["--package", "hello-pyo3"]);
                "hello_pyo3"
            }
            _ => {
                command.args(["--package", "hello"]);
                "hello"
            }
        };
        if self == Hello::Universal {
            command.args(["--features", "universal"]);
        }
        let start = Instant::now();
        let messages = output(&mut command)?;
        let time = start.elapsed();
        let crates = messages
            .lines()
            .filter(|line| line.contains(r#""reason":"compiler-artifact""#))
            .filter(|line| !line.contains("custom-build"))
            .count();
        let profile = if release { "release" } else { "debug" };
        Ok((time, target.join(profile).join(library_name(krate)), crates))
    }
}
