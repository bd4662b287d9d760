//! What is waited for after a change of one line: `cargo hpy develop` beside `maturin develop`, on
//! the same module, until the prompt is back and until Python has seen the change.
//!
//! Everything is as users have it: an installed `cargo hpy`, a virtual environment for each, a
//! project outside of this checkout, and cargo as a shell finds it.

mod report;
mod tool;

pub use report::{json, section};

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use cargo_hpy::Interpreter;

use self::tool::{Shell, Tool};
use super::extensions::{Copies, Extension};
use super::series::Series;

/// A module that is written with both.
#[derive(Debug)]
pub struct Module {
    /// Where its sources are, and the text that changes. `@` in what it becomes is a number.
    extension: Extension,
    /// What the extension with PyO3 is imported as.
    with_pyo3: &'static str,
    /// A Python expression of the module `m`, in which the change is seen.
    look: &'static str,
}

const MODULES: [Module; 2] = [
    Module {
        extension: Extension::new(
            "hello",
            "examples/hello",
            ("src/lib.rs", "\"Hello!\"", "\"Hello @!\""),
        ),
        with_pyo3: "hello_pyo3",
        look: "m.hello()",
    },
    Module {
        extension: Extension::new(
            "kiwisolver",
            "examples/kiwisolver",
            ("src/constraint.rs", "0 | strength =", "0 | strength @ ="),
        ),
        with_pyo3: "kiwisolver",
        look: "m.Variable('x') >= 1",
    },
];

/// All of them.
pub fn modules() -> &'static [Module] {
    &MODULES
}

/// One row: a tool's times.
#[derive(Debug)]
pub struct Row {
    tool: Tool,
    /// In cargo's profile `dev`.
    debug: Times,
    /// With `--release`.
    release: Times,
    /// Called again, with nothing changed.
    again: Series,
}

/// After a change of one line.
#[derive(Debug, Default)]
struct Times {
    /// Until the command has ended.
    prompt: Series,
    /// Until a Python that was started then has seen the change.
    seen: Series,
}

/// Measures all tools in turns.
///
/// # Errors
/// If a tool cannot be had, or a change is not seen.
pub fn measure(module: &Module, interpreter: &Interpreter, rounds: usize) -> Result<Vec<Row>> {
    let name = module.extension.name;
    // The alias `cargo hpy` is in force below the checkout, and with it the target folder.
    let folder = std::env::temp_dir().join("hpy-bench-develop");
    let home = folder.join(interpreter.key());
    let mut session = Session {
        module,
        places: Vec::new(),
        changes: 0,
    };
    for tool in Tool::ALL {
        // Projects of their own: for another virtual environment PyO3 is compiled anew.
        let projects = folder.join("projects").join(tool.key()).join(name);
        let place = Place {
            shell: Shell::of(tool, interpreter, &home)?,
            copies: Copies::new(&module.extension, &projects)?,
        };
        place.describe(module)?;
        session.places.push(place);
    }
    let mut rows = Tool::ALL.map(|tool| Row {
        tool,
        debug: Times::default(),
        release: Times::default(),
        again: Series::default(),
    });
    for round in 0..=rounds {
        eprintln!("   Developing {name}, round {round} of {rounds}");
        for is_release in [false, true] {
            // Another one begins each round.
            for turn in 0..rows.len() {
                let place = (round + turn) % rows.len();
                let row = &mut rows[place];
                // The first round builds what they depend on.
                let mut first = Times::default();
                let times = match (round, is_release) {
                    (0, _) => &mut first,
                    (_, false) => &mut row.debug,
                    (_, true) => &mut row.release,
                };
                session.change_and_develop(place, is_release, times)?;
                if round > 0 && !is_release {
                    let start = Instant::now();
                    session.places[place].develop(is_release)?;
                    row.again.push(start.elapsed());
                }
            }
        }
    }
    Ok(rows.into())
}

struct Session<'a> {
    module: &'a Module,
    /// One for each tool.
    places: Vec<Place>,
    /// How many changes were made. Each is seen by its number.
    changes: u32,
}

impl Session<'_> {
    /// Changes the line, builds and looks.
    fn change_and_develop(
        &mut self,
        place: usize,
        is_release: bool,
        times: &mut Times,
    ) -> Result<()> {
        self.changes += 1;
        let number = self.changes.to_string();
        let place = &self.places[place];
        let (path, from, to) = self.module.extension.change;
        let folder = place.project();
        place.copies.restore(folder, path)?;
        let to = to.replace('@', &number);
        place.copies.change(folder, path, from, &to)?;
        let start = Instant::now();
        place.develop(is_release)?;
        times.prompt.push(start.elapsed());
        let shown = place.look(self.module)?;
        times.seen.push(start.elapsed());
        ensure!(
            shown.contains(&number),
            "{} does not show the change {number}: {shown}",
            place.shell.tool.name()
        );
        Ok(())
    }
}

/// Where a tool is used.
struct Place {
    shell: Shell,
    copies: Copies,
}

impl Place {
    /// The folder that the tool is called in.
    fn project(&self) -> &Path {
        match self.shell.tool.is_ours() {
            true => &self.copies.hpy,
            false => &self.copies.pyo3,
        }
    }

    /// Writes `pyproject.toml`: what `cargo hpy new` and `maturin new` write, and where the library
    /// has another name than the module, the module's.
    fn describe(&self, module: &Module) -> Result<()> {
        let name = module.extension.name;
        let mut text = match self.shell.tool.is_ours() {
            true => pyproject(name, "cargo-hpy", "cargo_hpy"),
            false => pyproject(&format!("{name}-pyo3"), "maturin>=1,<2", "maturin"),
        };
        if !self.shell.tool.is_ours() && module.with_pyo3 == name {
            text += &format!("\n[tool.maturin]\nmodule-name = {name:?}\n");
        }
        let file = self.project().join("pyproject.toml");
        std::fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))
    }

    /// The command that is waited for.
    fn develop(&self, is_release: bool) -> Result<()> {
        let mut command = self.shell.develop();
        if is_release {
            command.arg("--release");
        }
        finish(command.current_dir(self.project())).map(drop)
    }

    /// What Python shows.
    fn look(&self, module: &Module) -> Result<String> {
        let name = match self.shell.tool.is_ours() {
            true => module.extension.name,
            false => module.with_pyo3,
        };
        let code = format!("import {name} as m; print({})", module.look);
        finish(self.shell.python().args(["-c", &code]))
    }
}

fn pyproject(name: &str, tool: &str, backend: &str) -> String {
    format!(
        "[build-system]\nrequires = [{tool:?}]\nbuild-backend = {backend:?}\n\n\
         [project]\nname = {name:?}\nrequires-python = \">=3.9\"\ndynamic = [\"version\"]\n"
    )
}

/// Runs a command whose messages matter only if it fails.
fn finish(command: &mut Command) -> Result<String> {
    let shown = format!("{command:?}");
    let output = command
        .output()
        .with_context(|| format!("cannot run {shown}"))?;
    ensure!(
        output.status.success(),
        "{shown} failed ({}):\n{}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
