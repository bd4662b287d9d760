//! A module of 200 methods, with hpy and with PyO3: how long a cold build takes, and one after a
//! change.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use cargo_hpy::Interpreter;

use super::commands::{cargo, empty, output, peers_folder, scratch};
use super::series::Series;

/// How many methods.
pub const METHODS: usize = 200;

/// One row.
#[derive(Debug)]
pub struct Methods {
    pub name: &'static str,
    pub debug: Times,
    pub release: Times,
}

/// Of one profile.
#[derive(Clone, Debug, Default)]
pub struct Times {
    /// With everything that it depends on.
    pub cold: Series,
    /// After a change of the module's own source.
    pub changed: Series,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Library {
    CPython,
    Universal,
    PyO3,
}

/// Builds each in turns.
///
/// # Errors
/// If one does not compile.
pub fn measure(interpreter: &Interpreter, rounds: usize) -> Result<Vec<Methods>> {
    let kinds = [
        ("hpy, CPython ABI", Library::CPython),
        ("hpy, universal ABI", Library::Universal),
        ("PyO3", Library::PyO3),
    ];
    let mut rows = kinds.map(|(name, _)| Methods {
        name,
        debug: Times::default(),
        release: Times::default(),
    });
    for round in 1..=rounds {
        eprintln!("   Building {METHODS} methods, round {round} of {rounds}");
        for ((_, library), row) in kinds.into_iter().zip(&mut rows) {
            library.add_times(interpreter, false, &mut row.debug)?;
        }
        for ((_, library), row) in kinds.into_iter().zip(&mut rows) {
            library.add_times(interpreter, true, &mut row.release)?;
        }
    }
    Ok(rows.into())
}

impl Library {
    fn add_times(self, interpreter: &Interpreter, release: bool, times: &mut Times) -> Result<()> {
        let target = scratch().join("methods-target");
        empty(&target)?;
        let krate = self.write()?;
        times
            .cold
            .push(self.build(interpreter, &krate, &target, release)?);
        let source = krate.join("src/lib.rs");
        let code = std::fs::read_to_string(&source)?;
        std::fs::write(&source, code.replace("wrapping_add(1)", "wrapping_add(2)"))?;
        times
            .changed
            .push(self.build(interpreter, &krate, &target, release)?);
        Ok(())
    }

    fn build(
        self,
        interpreter: &Interpreter,
        krate: &Path,
        target: &Path,
        release: bool,
    ) -> Result<Duration> {
        let mut command: Command = cargo();
        command
            .current_dir(krate)
            .env("PYO3_BUILD_EXTENSION_MODULE", "1")
            .env("PYO3_PYTHON", &interpreter.path)
            .env("HPY_PYTHON", &interpreter.path)
            .args(["build", "--quiet", "--target-dir"])
            .arg(target);
        if release {
            command.arg("--release");
        }
        if self == Library::Universal {
            command.args(["--features", "universal"]);
        }
        let start = Instant::now();
        output(&mut command)?;
        Ok(start.elapsed())
    }

    /// A crate of its own, with the versions of its peer that are locked in this repository.
    fn write(self) -> Result<PathBuf> {
        let (name, lock, dependency, code) = match self {
            Library::CPython | Library::Universal => (
                "methods-hpy",
                hpy_tests::checkout().join("Cargo.lock"),
                format!(
                    "hpy = {{ path = {:?} }}\n\n[features]\nuniversal = [\"hpy/universal\"]",
                    hpy_tests::checkout().join("hpy").display().to_string()
                ),
                with_hpy(),
            ),
            Library::PyO3 => {
                let peers = peers_folder().join("pyo3");
                let manifest = std::fs::read_to_string(peers.join("Cargo.toml"))?;
                let line = manifest.lines().find(|line| line.starts_with("pyo3 ="));
                let dependency = line
                    .context("the peers' manifest names no version of pyo3")?
                    .to_owned();
                (
                    "methods-pyo3",
                    peers.join("Cargo.lock"),
                    dependency,
                    with_pyo3(),
                )
            }
        };
        let folder = scratch().join(name);
        std::fs::create_dir_all(folder.join("src"))?;
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[lib]\n\
             crate-type = [\"cdylib\"]\n\n[workspace]\n\n[dependencies]\n{dependency}\n"
        );
        std::fs::write(folder.join("Cargo.toml"), manifest)?;
        std::fs::copy(lock, folder.join("Cargo.lock"))?;
        std::fs::write(folder.join("src/lib.rs"), code)?;
        Ok(folder)
    }
}

/// The same bodies in both: integers, text, a list, keywords, an object that is called.
fn with_hpy() -> String {
    let mut code = String::from("use hpy::prelude::*;\n");
    let mut names = Vec::new();
    for number in 0..METHODS {
        let name = format!("method_{number}");
        let _ = match number % 5 {
            0 => write!(
                code,
                "/// Adds.\n#[hpy_method]\n\
                 fn {name}(a: i64, b: i64) -> i64 {{ a.wrapping_add(b).wrapping_add(1) }}\n"
            ),
            1 => write!(
                code,
                "/// Measures.\n#[hpy_method]\nfn {name}(text: &str) -> usize {{ text.len() }}\n"
            ),
            2 => write!(
                code,
                "/// Sums.\n#[hpy_method]\n\
                 fn {name}(items: Vec<f64>) -> f64 {{ items.iter().sum() }}\n"
            ),
            3 => write!(
                code,
                "/// Repeats.\n#[hpy_method(signature = (word, times = 2, *, upper = false))]\n\
                 fn {name}(word: &str, times: usize, upper: bool) -> String {{\n\
                 let word = word.repeat(times);\n\
                 if upper {{ word.to_uppercase() }} else {{ word }}\n}}\n"
            ),
            _ => write!(
                code,
                "/// Calls.\n#[hpy_method]\n\
                 fn {name}<'ctx>(function: &Handle<'ctx>, x: i64) -> Result<Handle<'ctx>> {{\n\
                 function.call1((x, \"text\"))\n}}\n"
            ),
        };
        names.push(name);
    }
    let _ = writeln!(
        code,
        "hpy_module! {{ name: methods, methods: [{}] }}",
        names.join(", ")
    );
    code
}

fn with_pyo3() -> String {
    let mut code =
        String::from("use pyo3::prelude::*;\n\n#[pymodule]\nmod methods_pyo3 {\nuse super::*;\n");
    for number in 0..METHODS {
        let name = format!("method_{number}");
        let _ = match number % 5 {
            0 => write!(
                code,
                "/// Adds.\n#[pyfunction]\n\
                 fn {name}(a: i64, b: i64) -> i64 {{ a.wrapping_add(b).wrapping_add(1) }}\n"
            ),
            1 => write!(
                code,
                "/// Measures.\n#[pyfunction]\nfn {name}(text: &str) -> usize {{ text.len() }}\n"
            ),
            2 => write!(
                code,
                "/// Sums.\n#[pyfunction]\n\
                 fn {name}(items: Vec<f64>) -> f64 {{ items.iter().sum() }}\n"
            ),
            3 => write!(
                code,
                "/// Repeats.\n#[pyfunction]\n\
                 #[pyo3(signature = (word, times = 2, *, upper = false))]\n\
                 fn {name}(word: &str, times: usize, upper: bool) -> String {{\n\
                 let word = word.repeat(times);\n\
                 if upper {{ word.to_uppercase() }} else {{ word }}\n}}\n"
            ),
            _ => write!(
                code,
                "/// Calls.\n#[pyfunction]\n\
                 fn {name}<'py>(function: &Bound<'py, PyAny>, x: i64) \
                 -> PyResult<Bound<'py, PyAny>> {{\n\
                 function.call1((x, \"text\"))\n}}\n"
            ),
        };
    }
    code + "}\n"
}
