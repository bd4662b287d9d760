//! `cargo xtask bench`: the rows of `bench/` in C, with PyO3 and with hpy, as ratios to C, or to
//! PyO3 where there is nothing in C.
//!
//! All peers are loaded in one process and take turns there (`bench/driver.py` says how); several
//! processes do the same, since where code and data happen to lie in memory counts too, and of all
//! samples the quickest is taken. The table goes to the terminal, to a JSON file, and to
//! `docs/benchmarks.md`; the numbers to `bench/results`, and as a chart to `docs/benchmarks`.

mod chart;
mod cold;
mod commands;
mod compare;
mod develop;
mod extensions;
mod headers;
mod hpy_c;
mod machine;
mod methods;
mod nanobind;
mod packages;
mod page;
mod peers;
mod report;
mod results;
mod revision;
mod rows;
mod scaling;
mod series;

pub use commands::{cargo, library_name, output, pyo3_cargo, stripped_size};
use page::programs;
pub use page::{Section, docs, write as write_section};

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, anyhow};
use cargo_hpy::Interpreter;
use clap::ValueEnum;

use self::extensions::Extension;
use self::packages::Packages;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The interpreter, as a path or a command; may be given several times. By default as for
    /// `cargo hpy`.
    #[arg(long, value_name = "PATH")]
    python: Vec<PathBuf>,
    /// Write the results to a file.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// The groups of rows to measure; may be given several times. By default all.
    #[arg(long, value_name = "GROUP")]
    group: Vec<Group>,
    /// Samples per row, peer and process.
    #[arg(
        long,
        value_name = "N",
        default_value_t = 100,
        value_parser = clap::value_parser!(u32).range(1..)
    )]
    repeats: u32,
    /// Processes to measure in.
    #[arg(
        long,
        value_name = "N",
        default_value_t = 5,
        value_parser = clap::value_parser!(u32).range(1..)
    )]
    processes: u32,
    /// Measure builds instead: of the example hello, cold, of a module with 200 methods, and of
    /// extensions of a real one's size.
    #[arg(long)]
    build: bool,
    /// Measure `cargo hpy develop` after a change instead, beside `maturin develop`.
    #[arg(long, conflicts_with = "build")]
    develop: bool,
    /// How often each is built, in turns.
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = rounds)]
    rounds: usize,
    /// Builds of these extensions alone; may be given several times.
    #[arg(long, value_name = "NAME", value_parser = extensions::named, requires = "build")]
    extension: Vec<&'static Extension>,
    /// Fail if a row is slower, beyond noise, than in this file of an earlier run. Compared are the
    /// ratios to C.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["build", "develop"])]
    compare: Option<PathBuf>,
    /// Measure hpy as it was at this revision in the same processes, and fail if a row is slower
    /// now.
    #[arg(long, value_name = "REVISION", conflicts_with_all = ["build", "develop"])]
    against: Option<String>,
    /// Leave docs/benchmarks.md, its charts and the kept results as they are.
    #[arg(long)]
    no_docs: bool,
}

fn rounds(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(0) => Err("at least one".into()),
        Ok(rounds) => Ok(rounds),
        Err(error) => Err(error.to_string()),
    }
}

/// Rows with a table and a geometric mean of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Group {
    /// Calls of a module's functions.
    Calls,
    /// Types and their objects.
    Types,
    /// Lists of numbers.
    Numbers,
    /// Coroutines.
    Coroutines,
    /// Calls by several threads at once: by default where there is no GIL.
    Threads,
    /// Objects used by several threads at once: likewise.
    Objects,
    /// Work without Python by several threads at once: likewise.
    Parallel,
    /// Arrays of Arrow and numpy.
    Arrays,
    /// Whole programs in Python, with the peers' objects: only if they are named.
    Programs,
}

impl Group {
    /// What the driver calls it.
    fn name(self) -> &'static str {
        match self {
            Self::Calls => "calls",
            Self::Types => "types",
            Self::Numbers => "numbers",
            Self::Coroutines => "coroutines",
            Self::Threads => "threads",
            Self::Objects => "objects",
            Self::Parallel => "parallel",
            Self::Arrays => "arrays",
            Self::Programs => "programs",
        }
    }

    /// The page with its tables.
    fn page(self) -> PathBuf {
        match self {
            Self::Programs => programs(),
            _ if self.is_of_threads() => page::threads(),
            _ => docs(),
        }
    }

    /// Whether it is measured without a wish for it.
    fn by_default(self, interpreter: &Interpreter) -> bool {
        match self {
            Self::Programs => false,
            _ => !self.is_of_threads() || interpreter.abi_flags.contains('t'),
        }
    }

    /// The peer that the others are measured by.
    fn reference(self) -> &'static str {
        match self {
            Self::Arrays | Self::Parallel => peers::PYO3,
            _ => peers::C,
        }
    }

    /// Whether its rows are run by several threads, and compared with one thread.
    fn is_of_threads(self) -> bool {
        matches!(self, Self::Threads | Self::Objects | Self::Parallel)
    }
}

/// Runs the task.
///
/// # Errors
/// If a peer cannot be built or gives a wrong result, or a file cannot be written.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let interpreters: Vec<Interpreter> = match arguments.python.as_slice() {
        [] => vec![None],
        paths => paths.iter().map(|path| Some(path.as_os_str())).collect(),
    }
    .into_iter()
    .map(|wanted| Interpreter::find(wanted).map_err(|error| anyhow!("{error}")))
    .collect::<Result<_>>()?;

    let mut results = Vec::new();
    let mut slower = Vec::new();
    let show_on = |page: &Path, section: &Section| {
        println!("{}\n", section.text);
        match arguments.no_docs {
            true => Ok(()),
            false => page::write(page, section),
        }
    };
    let show = |section: &Section| show_on(&docs(), section);
    for interpreter in &interpreters {
        if arguments.build {
            let rounds = arguments.rounds;
            let mut wanted = arguments.extension.clone();
            if wanted.is_empty() {
                let builds = cold::measure(interpreter, rounds)?;
                let methods = methods::measure(interpreter, rounds)?;
                results.push(report::builds_json(interpreter, &builds, &methods));
                show(&report::builds(interpreter, &builds, &methods, rounds))?;
                wanted = extensions::all();
            }
            for extension in wanted {
                let rows = extensions::measure(extension, interpreter, rounds)?;
                results.push(extensions::json(extension, interpreter, &rows));
                show(&extensions::section(extension, interpreter, &rows, rounds))?;
            }
            continue;
        }
        if arguments.develop {
            let rounds = arguments.rounds;
            for module in develop::modules() {
                let rows = develop::measure(module, interpreter, rounds)?;
                results.push(develop::json(module, interpreter, &rows));
                let section = develop::section(module, interpreter, &rows, rounds)?;
                show_on(&page::after_a_change(), &section)?;
            }
            continue;
        }
        let wanted = arguments.group.as_slice();
        for group in Group::value_variants() {
            let by_default = wanted.is_empty() && group.by_default(interpreter);
            if !(wanted.contains(group) || by_default) {
                continue;
            }
            let packages = match Packages::of(interpreter, *group) {
                Ok(packages) => packages,
                // Few interpreters have them, so without a wish for this group it is left out.
                Err(error) if arguments.group.is_empty() => {
                    eprintln!("WARNING: measured without {}: {error:#}", group.name());
                    continue;
                }
                Err(error) => return Err(error),
            };
            let peers = peers::build(interpreter, *group, arguments.against.as_deref())?;
            let measured = rows::measure(interpreter, *group, &peers, &packages, arguments)?;
            let result = report::rows_json(interpreter, *group, &peers, &measured);
            let key = machine::key(interpreter);
            if group.is_of_threads() {
                let table = scaling::section(interpreter, *group, &peers, &measured, arguments);
                show_on(&group.page(), &table)?;
                if !arguments.no_docs {
                    results::keep(&key, &result)?;
                }
                slower.extend(compare::with_revision(&key, &measured.0));
                results.push(result);
                continue;
            }
            let table = report::rows(interpreter, *group, &peers, &packages, &measured, arguments);
            show_on(&group.page(), &table)?;
            // The charts are those of single calls.
            if !arguments.no_docs && *group != Group::Programs {
                let kept = results::keep(&key, &result)?;
                let chart = chart::write(&interpreter.to_string(), &key, &kept)?;
                page::write(&docs(), &chart)?;
            }
            slower.extend(compare::with_revision(&key, &measured.0));
            results.push(result);
        }
    }
    if let Some(file) = &arguments.compare {
        slower.extend(compare::with_file(file, &results)?);
    }
    if let Some(file) = &arguments.json {
        std::fs::write(file, format!("{:#}\n", serde_json::Value::from(results)))
            .with_context(|| format!("cannot write {}", file.display()))?;
    }
    for row in &slower {
        println!("SLOWER: {row}");
    }
    Ok(match slower.is_empty() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}
