//! `cargo xtask conformance`: HPy's own C test suite, of the source archive of PyPI's hpy 0.9.0,
//! with our package's `hpy.universal` in place, on each CPython.
//!
//! See `docs/design/conformance.md`.

mod excused;
mod session;
mod suite;
mod tally;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Result, bail};

use crate::interpreters::{self, Cache, Implementation, Interpreter, WANTED};
use session::{Outcome, Results, Session};
pub use suite::Suite;
use tally::Tally;

/// So many interpreters run at a time.
const AT_A_TIME: usize = 2;

/// Makes virtual environments and lets pip install upstream's package from the network into them.
const BUILD_PLUMBING: &str = "test/hpy_devel/test_distutils.py";

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Write every function's result to a file.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Only these CPythons, as `cargo xtask interpreters` names them.
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    only: Vec<String>,
    /// Only tests that pytest selects by this.
    #[arg(short = 'k', value_name = "EXPR")]
    select: Option<String>,
    /// A folder with a package `hpy` to test instead of the one that is built here.
    #[arg(long, value_name = "FOLDER")]
    package: Option<PathBuf>,
    /// Use no network.
    #[arg(long)]
    offline: bool,
    /// Fail if an interpreter is missing.
    #[arg(long)]
    require_all: bool,
}

/// Runs the task.
///
/// # Errors
/// If the suite, the package or all interpreters cannot be had, or the results not be written.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    check_names(&arguments.only)?;
    let cache = Cache::open()?;
    let suite = Suite::provide(&cache, &interpreters::pip(&cache, arguments.offline))?;
    let package = match &arguments.package {
        Some(folder) => folder
            .canonicalize()
            .with_context(|| format!("cannot read {}", folder.display()))?,
        None => hpy_tests::python_package::build(&hpy_tests::target(), None)?,
    };
    let asked = |name: &str, implementation| match arguments.only.as_slice() {
        [] => implementation == Implementation::CPython,
        names => names.iter().any(|asked| asked == name),
    };
    let found = interpreters::obtain(|row| asked(row.name, row.implementation), arguments.offline)?;
    found.warn_of_missing();
    if found.found.is_empty() {
        bail!("no interpreter to run on");
    }

    let place = hpy_tests::target().join("hpy/conformance");
    let results = run_all(&found.found, |interpreter| {
        on(
            interpreter,
            &suite,
            &package,
            &place,
            arguments.select.as_deref(),
        )
    });
    let mut settled = Vec::new();
    for (interpreter, results) in found.found.iter().zip(results) {
        settled.push((interpreter.name.to_string(), results?));
    }
    let tally = Tally::new(&suite.functions, settled);
    print!("{}", tally.report());
    found.warn_of_missing();
    if let Some(file) = &arguments.json {
        let json = tally.json(&found.missing);
        std::fs::write(file, format!("{json:#}\n"))
            .with_context(|| format!("cannot write {}", file.display()))?;
    }
    let needless = tally.needless_excuses();
    for function in &needless {
        println!("excused, but passes on every interpreter: {function}");
    }
    let counts = tally.counts();
    let lost = counts.not_run > suite::NOT_RUN && arguments.select.is_none();
    if lost {
        println!(
            "more functions were not run than the {} that are not for this package",
            suite::NOT_RUN
        );
    }
    println!(
        "conformance: {}, of {} test functions",
        counts.line(),
        suite.functions.len()
    );
    println!("{}", found.missing_line());
    let lacks = arguments.require_all && found.lacks_any();
    Ok(
        if tally.is_good() && needless.is_empty() && !lost && !lacks {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        },
    )
}

fn check_names(only: &[String]) -> Result<()> {
    let known: Vec<_> = WANTED
        .iter()
        .filter(|row| row.implementation == Implementation::CPython)
        .map(|row| row.name)
        .collect();
    match only.iter().find(|name| !known.contains(&name.as_str())) {
        Some(unknown) => bail!(
            "no CPython is named {unknown}: there are {}",
            known.join(", ")
        ),
        None => Ok(()),
    }
}

/// The results in the interpreters' order.
fn run_all(
    interpreters: &[Interpreter],
    run: impl Fn(&Interpreter) -> Result<Results> + Sync,
) -> Vec<Result<Results>> {
    let next = AtomicUsize::new(0);
    let results: Mutex<BTreeMap<usize, Result<Results>>> = Mutex::default();
    std::thread::scope(|scope| {
        for _ in 0..AT_A_TIME {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(interpreter) = interpreters.get(index) else {
                        break;
                    };
                    let result = run(interpreter);
                    // Poisoned only if the other thread panicked, which ends the scope with that
                    // panic.
                    if let Ok(mut results) = results.lock() {
                        results.insert(index, result);
                    }
                }
            });
        }
    });
    results
        .into_inner()
        .unwrap_or_default()
        .into_values()
        .collect()
}

/// The suite and its proof of concept on one interpreter.
fn on(
    interpreter: &Interpreter,
    suite: &Suite,
    package: &Path,
    place: &Path,
    select: Option<&str>,
) -> Result<Results> {
    eprintln!("Running HPy's test suite on {}.", interpreter.name);
    let plugin = hpy_tests::checkout().join("xtask/conformance");
    let scratch = place.join(interpreter.name);
    let session = |part: &str, arguments: &[&str]| {
        let selected = select.map(|select| ["-k".to_string(), select.to_string()]);
        let arguments = arguments.iter().map(|argument| argument.to_string());
        Session {
            suite,
            interpreter,
            package,
            plugin: &plugin,
            scratch: scratch.join(part),
            arguments: arguments.chain(selected.into_iter().flatten()).collect(),
        }
        .run()
    };
    let mut results = session("suite", &["test", "--ignore", BUILD_PLUMBING])?;
    // In a session of its own: its extensions are imported before any test runs.
    let built = scratch.join("proof-of-concept/built").display().to_string();
    let proof = session(
        "proof-of-concept",
        &["proof-of-concept", "--proof-of-concept", &built],
    )?;
    results.functions.extend(proof.functions);
    results.broken.extend(proof.broken);
    let beyond = plugin.join("test_beyond.py").display().to_string();
    let beyond = session("beyond", &["-p", "test.conftest", &beyond])?;
    results.broken.extend(beyond.broken);
    // They are not among the suite's functions, and must pass all the same.
    for (function, outcome) in beyond.functions {
        match outcome {
            Outcome::Passed => {}
            Outcome::NotRun(_) if select.is_some() => {}
            Outcome::Failed(why) | Outcome::NotRun(why) => {
                results.broken.push(format!("{function}: {why}"));
            }
        }
    }
    Ok(results)
}
