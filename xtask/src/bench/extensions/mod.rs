//! Extensions of a real one's size, written with hpy and with PyO3: how long they take to build,
//! and how large they are.

mod copy;
mod report;
mod times;

pub use copy::Copies;
pub use report::{json, section};

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use cargo_hpy::Interpreter;

use self::times::{Clock, Times};
use super::commands::{cargo, empty, library_name, output, scratch, stripped_size};
use crate::profile::{HPY_CRATES, PYO3_CRATES, Profile};

/// The same module written twice. A new one needs a line in [`EXTENSIONS`].
#[derive(Debug)]
pub struct Extension {
    /// Its name, and that of its package with hpy. The one with PyO3 is `…-pyo3`.
    pub name: &'static str,
    /// The folder of the package with hpy. The one with PyO3 is in `bench/peers/pyo3`.
    folder: &'static str,
    /// A file of both, a text that it has once, and what the text is changed to before a rebuild.
    pub change: (&'static str, &'static str, &'static str),
}

#[rustfmt::skip]
const EXTENSIONS: &[Extension] = &[
    Extension::new("kiwisolver", "examples/kiwisolver", ("src/constraint.rs", "1e-8", "1e-9")),
    Extension::new("inventory", "bench/peers/inventory", ("src/report.rs", "{:<20}", "{:<21}")),
];

impl Extension {
    pub const fn new(
        name: &'static str,
        folder: &'static str,
        change: (&'static str, &'static str, &'static str),
    ) -> Self {
        Extension {
            name,
            folder,
            change,
        }
    }
}

/// The extension of that name.
///
/// # Errors
/// If there is none.
pub fn named(name: &str) -> Result<&'static Extension, String> {
    let found = EXTENSIONS.iter().find(|extension| extension.name == name);
    found.ok_or_else(|| {
        let names: Vec<&str> = EXTENSIONS.iter().map(|extension| extension.name).collect();
        format!("it is {}", names.join(" or "))
    })
}

/// All of them.
pub fn all() -> Vec<&'static Extension> {
    EXTENSIONS.iter().collect()
}

/// One row: a way to build the extension.
#[derive(Debug)]
pub struct Row {
    name: &'static str,
    debug: Builds,
    release: Builds,
    sizes: Sizes,
}

/// Of one profile.
#[derive(Debug, Default)]
struct Builds {
    /// Into an empty target folder.
    from_nothing: Times,
    /// After a change of one line.
    changed: Times,
}

/// Of the library without its symbols, in bytes.
#[derive(Clone, Copy, Debug, Default)]
struct Sizes {
    /// In cargo's own release profile.
    default: u64,
    /// In the recommended one. PyO3's own crates have the extension's level here.
    recommended: u64,
    /// In the recommended one, with PyO3's own crates compiled for size, as hpy's are.
    recommended_for_size: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Library {
    CPython,
    Universal,
    PyO3,
}

impl Library {
    const ALL: [Library; 3] = [Library::CPython, Library::Universal, Library::PyO3];

    const fn name(self) -> &'static str {
        match self {
            Self::CPython => "hpy, CPython ABI",
            Self::Universal => "hpy, universal ABI",
            Self::PyO3 => "PyO3",
        }
    }
}

/// Builds the extension in turns. What it depends on is downloaded before. The checkout is not
/// touched.
///
/// # Errors
/// If one does not compile.
pub fn measure(
    extension: &Extension,
    interpreter: &Interpreter,
    rounds: usize,
) -> Result<Vec<Row>> {
    let folder = scratch().join("extensions").join(extension.name);
    let build = Build {
        extension,
        interpreter,
        copies: Copies::new(extension, &folder)?,
        target: folder.join("target"),
    };
    for library in [Library::CPython, Library::PyO3] {
        output(build.cargo(library).args(["fetch", "--quiet"]))?;
    }
    let mut rows = Library::ALL.map(|library| Row {
        name: library.name(),
        debug: Builds::default(),
        release: Builds::default(),
        sizes: Sizes::default(),
    });
    for round in 0..rounds {
        eprintln!(
            "   Building {}, round {} of {rounds}",
            extension.name,
            round + 1
        );
        for is_release in [false, true] {
            // Another one begins each round.
            for turn in 0..Library::ALL.len() {
                let place = (round + turn) % Library::ALL.len();
                let (library, row) = (Library::ALL[place], &mut rows[place]);
                let builds = if is_release {
                    &mut row.release
                } else {
                    &mut row.debug
                };
                let file = build.add_times(library, is_release, builds)?;
                if is_release && round == 0 {
                    row.sizes.default = stripped_size(&file)?;
                }
            }
        }
    }
    eprintln!("   Building {} in the recommended profile", extension.name);
    for (library, row) in Library::ALL.into_iter().zip(&mut rows) {
        let below: &[&str] = match library {
            Library::PyO3 => &[],
            _ => &HPY_CRATES,
        };
        row.sizes.recommended = build.recommended_size(library, below)?;
        row.sizes.recommended_for_size = match library {
            Library::PyO3 => build.recommended_size(library, &PYO3_CRATES)?,
            _ => row.sizes.recommended,
        };
    }
    Ok(rows.into())
}

/// What all builds of an extension have in common.
struct Build<'a> {
    extension: &'a Extension,
    interpreter: &'a Interpreter,
    copies: Copies,
    target: PathBuf,
}

impl Build<'_> {
    /// Builds from nothing and after the change. The library as it was before the change.
    fn add_times(
        &self,
        library: Library,
        is_release: bool,
        builds: &mut Builds,
    ) -> Result<PathBuf> {
        self.copies.write_sources()?;
        empty(&self.target)?;
        let file = self.run(library, is_release, &mut builds.from_nothing)?;
        let before = self.target.join("before-the-change");
        std::fs::copy(&file, &before).with_context(|| format!("cannot copy {}", file.display()))?;
        let (path, from, to) = self.extension.change;
        self.copies
            .change(self.copies.of(library), path, from, to)?;
        let after = self.run(library, is_release, &mut builds.changed)?;
        ensure!(
            std::fs::read(&before)? != std::fs::read(&after)?,
            "the change of {path} does not change the library"
        );
        Ok(before)
    }

    fn run(&self, library: Library, is_release: bool, times: &mut Times) -> Result<PathBuf> {
        let mut command = self.command(library);
        if is_release {
            command.arg("--release");
        }
        let clock = Clock::start();
        output(&mut command)?;
        times.push(&clock);
        let profile = if is_release { "release" } else { "debug" };
        Ok(self.file(library, profile))
    }

    fn recommended_size(&self, library: Library, below: &[&str]) -> Result<u64> {
        let profile = Profile::recommended().context("no profile is recommended")?;
        self.copies.write_sources()?;
        empty(&self.target)?;
        let mut command = self.command(library);
        command.arg("--release");
        // Cargo warns of packages that are not built.
        let below: Vec<&str> = below
            .iter()
            .copied()
            .filter(|name| library == Library::Universal || *name != "hpy-runtime")
            .collect();
        profile.set(&mut command, &below);
        output(&mut command)?;
        stripped_size(&self.file(library, "release"))
    }

    fn command(&self, library: Library) -> Command {
        let mut command = self.cargo(library);
        command.args(["build", "--quiet", "--offline", "--locked", "--target-dir"]);
        command.arg(&self.target);
        if library == Library::Universal {
            command.args(["--features", "universal"]);
        }
        command
    }

    fn cargo(&self, library: Library) -> Command {
        let mut command = cargo();
        command
            .current_dir(self.copies.of(library))
            .env("PYO3_BUILD_EXTENSION_MODULE", "1")
            .env("PYO3_PYTHON", &self.interpreter.path)
            .env("HPY_PYTHON", &self.interpreter.path)
            .env_remove("RUSTFLAGS")
            .env_remove("RUSTC_WRAPPER")
            .env_remove("CARGO_INCREMENTAL");
        command
    }

    fn file(&self, library: Library, profile: &str) -> PathBuf {
        let krate = match library {
            Library::PyO3 => format!("{}_pyo3", self.extension.name),
            _ => self.extension.name.to_owned(),
        };
        self.target.join(profile).join(library_name(&krate))
    }
}

impl Copies {
    fn of(&self, library: Library) -> &Path {
        match library {
            Library::PyO3 => &self.pyo3,
            _ => &self.hpy,
        }
    }
}
