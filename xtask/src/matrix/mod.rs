//! `cargo xtask matrix`: every test extension and example, built once per ABI, on every interpreter.
//!
//! The very same universal files run everywhere; files of the CPython ABI are built once per version.
//! A failing cell, a skip without a reason and a failed build make the task fail; a missing interpreter is
//! reported and does not.

mod binaries;
mod hosts;
mod table;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Result, anyhow, bail};
use hpy_tests::host::Host;
use hpy_tests::outcome::{Cell, Verdict};
use hpy_tests::run::Runner;
use hpy_tests::topics::{self, Topic};

use crate::interpreters::{self, Stage, WANTED};
use binaries::Binaries;
use table::Row;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Write the matrix to a file.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Only these interpreters, as `cargo xtask interpreters` names them.
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    only: Vec<String>,
    /// Only these topics.
    #[arg(long, value_name = "TOPIC", value_delimiter = ',')]
    topic: Vec<String>,
    /// Provide no interpreter over the network.
    #[arg(long)]
    offline: bool,
    /// Link universal files as this machine does, not with Zig for glibc 2.17.
    #[arg(long)]
    host_glibc: bool,
}

/// Runs the task.
///
/// # Errors
/// If there is nothing to run, or nothing to run it on, or the results cannot be written.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let topics = topics::find(&hpy_tests::checkout(), &arguments.topic)?;
    check_names(&arguments.only)?;
    let asked = |name: &str, stage| match arguments.only.as_slice() {
        [] => stage == Stage::Supported,
        names => names.iter().any(|asked| asked == name),
    };
    let interpreters = interpreters::obtain(|row| asked(row.name, row.stage), arguments.offline)?;
    interpreters.warn_of_missing();
    let package = hpy_tests::python_package::build(&hpy_tests::target(), None)?;
    let found = interpreters.found.iter();
    let hosts: Vec<Host> = found.flat_map(|one| hosts::of(one, &package)).collect();
    if hosts.is_empty() {
        bail!("no interpreter to run on");
    }

    let zig = interpreters
        .zig
        .as_deref()
        .ok()
        .filter(|_| !arguments.host_glibc);
    let binaries = Binaries::build(&hosts, &topics, zig)?;
    let rows = fill(hosts, &topics, &binaries)?;
    let names: Vec<_> = topics.iter().map(|topic| topic.name.clone()).collect();
    println!("{}{}", table::table(&rows, &names), table::skips(&rows));
    println!("{}", binaries.systems());
    interpreters.warn_of_missing();
    if let Some(file) = &arguments.json {
        let json = table::json(&rows, &interpreters.missing);
        std::fs::write(file, format!("{json:#}\n"))
            .with_context(|| format!("cannot write {}", file.display()))?;
    }
    let count = |wanted: fn(&Verdict) -> bool| {
        let cells = rows.iter().flat_map(|row| row.cells.values());
        cells.filter(|cell| wanted(&cell.verdict)).count()
    };
    let failed = count(|verdict| matches!(verdict, Verdict::Fail(_)));
    let (passed, skipped) = (
        count(|verdict| matches!(verdict, Verdict::Pass)),
        count(|verdict| matches!(verdict, Verdict::Skip(_))),
    );
    print!("{}", table::failures(&rows, 60));
    println!("matrix: {passed} passed, {failed} failed, {skipped} skipped");
    Ok(if failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn check_names(only: &[String]) -> Result<()> {
    if let Some(unknown) = only
        .iter()
        .find(|name| !WANTED.iter().any(|row| row.name == **name))
    {
        let known: Vec<_> = WANTED.iter().map(|row| row.name).collect();
        bail!(
            "no interpreter is named {unknown}: there are {}",
            known.join(", ")
        );
    }
    Ok(())
}

/// Runs all cells, as many at a time as there are processors.
fn fill(hosts: Vec<Host>, topics: &[Topic], binaries: &Binaries) -> Result<Vec<Row>> {
    let (checkout, target) = (hpy_tests::checkout(), hpy_tests::target());
    let scratch = target.join("hpy/matrix/runs");
    let runner = Runner {
        checkout: &checkout,
        scratch: &scratch,
    };
    runner.prepare()?;
    let jobs = jobs(&hosts, topics);
    let next = AtomicUsize::new(0);
    let cells: Mutex<BTreeMap<(usize, String), Cell>> = Mutex::default();
    let work = || {
        while let Some(job) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
            let host = &hosts[job.host];
            let done = run_job(&runner, host, &job.topics, binaries.of(host));
            // Poisoned only if another worker panicked, which ends the scope with that panic.
            if let Ok(mut cells) = cells.lock() {
                cells.extend(
                    done.into_iter()
                        .map(|(topic, cell)| ((job.host, topic), cell)),
                );
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(work);
        }
    });

    let mut rows: Vec<_> = hosts
        .into_iter()
        .map(|host| Row {
            host,
            cells: BTreeMap::new(),
        })
        .collect();
    for ((index, topic), cell) in cells.into_inner().unwrap_or_default() {
        rows[index].cells.insert(topic, cell);
    }
    Ok(rows)
}

/// What one process runs.
struct Job<'a> {
    host: usize,
    topics: Vec<&'a Topic>,
}

/// A process per cell, or per row where starting takes long: those first, as nothing shall wait for them in the end.
fn jobs<'a>(hosts: &[Host], topics: &'a [Topic]) -> Vec<Job<'a>> {
    let (slow, quick): (Vec<_>, Vec<_>) =
        (0..hosts.len()).partition(|&host| hosts[host].slow_start);
    let whole = slow.into_iter().map(|host| Job {
        host,
        topics: topics.iter().collect(),
    });
    let single = quick.into_iter().flat_map(|host| {
        topics.iter().map(move |topic| Job {
            host,
            topics: vec![topic],
        })
    });
    whole.chain(single).collect()
}

fn run_job(
    runner: &Runner<'_>,
    host: &Host,
    topics: &[&Topic],
    modules: Result<&Path, &str>,
) -> BTreeMap<String, Cell> {
    let done = match (modules, topics) {
        (Err(error), _) => Err(anyhow!("the build failed: {error}")),
        (Ok(modules), [topic]) => runner
            .run(host, topic, modules)
            .map(|cell| BTreeMap::from([(topic.name.clone(), cell)])),
        (Ok(modules), topics) => runner.run_together(host, topics, modules),
    };
    done.unwrap_or_else(|error| {
        let failed = Cell::failed(&format!("{error:#}"));
        let names = topics.iter().map(|topic| topic.name.clone());
        names.map(|name| (name, failed.clone())).collect()
    })
}
