//! `cargo xtask matrix`: every test extension and example, built once per ABI, on every
//! interpreter.
//!
//! The very same universal files run everywhere; files of the CPython ABI are built once per
//! version. A failing cell, a skip without a reason and a failed build make the task fail. A
//! missing interpreter is reported, counted in the last line, and fails the task with
//! `--require-all` only.

mod binaries;
mod hosts;
mod landing;
mod table;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};
use hpy_tests::host::{Abi, Host};
use hpy_tests::outcome::{Cell, Verdict};
use hpy_tests::run::Runner;
use hpy_tests::topics::{self, Bound, Topic};

use crate::interpreters::{self, WANTED};
use crate::platforms;
use binaries::{Binaries, Builder};
use landing::Landing;
use table::Row;

pub use hosts::of as hosts_of;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Write the matrix to a file.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Only these: interpreters, as `cargo xtask interpreters` names them, or single rows, such as
    /// cpython3.13-hpy-rs-debug.
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    only: Vec<String>,
    /// Only these topics.
    #[arg(long, value_name = "TOPIC", value_delimiter = ',')]
    topic: Vec<String>,
    /// Only files of this ABI.
    #[arg(long, value_parser = ["cpython", "universal"])]
    abi: Option<String>,
    /// Provide no interpreter over the network.
    #[arg(long)]
    offline: bool,
    /// Link universal files as this machine does, not with Zig for glibc 2.17.
    #[arg(long)]
    host_glibc: bool,
    /// Every topic on every row, and what is missing for other systems is provided. Without this,
    /// those run that are cached.
    #[arg(long, conflicts_with = "landing")]
    full: bool,
    /// What a change must pass to land: some topics on GraalPy, and nothing that `cargo test` has
    /// run.
    #[arg(long)]
    landing: bool,
    /// Fail if an interpreter is missing.
    #[arg(long)]
    require_all: bool,
}

/// Runs the task.
///
/// # Errors
/// If there is nothing to run, or nothing to run it on, or the results cannot be written.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let topics = topics::find(&hpy_tests::checkout(), &arguments.topic)?;
    check_names(&arguments.only)?;
    let asked = |name: &str| match arguments.only.as_slice() {
        [] => true,
        names => names.iter().any(|asked| interpreter_of(asked) == name),
    };
    let mut interpreters = interpreters::obtain(|row| asked(row.name), arguments.offline)?;
    let provide = arguments.full && !arguments.offline;
    let platforms = platforms::obtain(asked, provide)?;
    interpreters.missing.extend(platforms.missing);
    interpreters.warn_of_missing();
    let mut hosts = platforms.hosts;
    if !interpreters.found.is_empty() {
        // No row of another system has it.
        let package = hpy_tests::python_package::build(&hpy_tests::target(), None)?;
        let own = interpreters.found.iter();
        let own = own.flat_map(|one| hosts::of(one, &package));
        hosts.splice(..0, own);
    }
    if let Some(abi) = &arguments.abi {
        hosts.retain(|host| host.abi.name() == abi);
    }
    if !arguments.only.is_empty() {
        let only = &arguments.only;
        hosts.retain(|host| only.contains(&host.name) || only.contains(&host.interpreter));
    }
    if hosts.is_empty() {
        bail!("no interpreter to run on");
    }

    let zig = interpreters
        .zig
        .as_deref()
        .ok()
        .filter(|_| !arguments.host_glibc);
    let builder = Builder::new(&topics, zig)?;
    let (chosen, left_out) = choose(arguments, &hosts, &topics, &builder)?;
    print!("{left_out}");
    let (rows, binaries) = fill(hosts, &chosen, &builder)?;
    let names: Vec<_> = topics.iter().map(|topic| topic.name.clone()).collect();
    println!("{}{}", table::table(&rows, &names), table::skips(&rows));
    print!("{}", table::longest(&rows, 10));
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
    // Said at the end as well, where logs are read.
    print!("{left_out}");
    println!("matrix: {passed} passed, {failed} failed, {skipped} skipped");
    println!("{}", interpreters.missing_line());
    let is_good = failed == 0 && !(arguments.require_all && interpreters.lacks_any());
    Ok(if is_good {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// What each host runs, in the order of the hosts, and the lines that say what is left out.
fn choose<'a>(
    arguments: &Arguments,
    hosts: &[Host],
    topics: &'a [Topic],
    builder: &Builder,
) -> Result<(Vec<Vec<&'a Topic>>, String)> {
    let landing = arguments
        .landing
        .then(|| Landing::new(hosts, builder.before.as_ref()));
    let mut left_out = Vec::new();
    let mut chosen = Vec::new();
    for host in hosts {
        let mut run = Vec::new();
        for topic in topics {
            let reason = match &landing {
                Some(landing) => landing.leaves_out(host, topic)?,
                None => None,
            };
            match reason {
                Some(reason) => left_out.push((host, topic, reason)),
                None => run.push(topic),
            }
        }
        chosen.push(run);
    }
    let mut said = landing::report(&left_out, topics.len());
    if !arguments.only.is_empty() {
        said += &format!(
            "left out by --only: all but {}\n",
            arguments.only.join(", ")
        );
    }
    if !arguments.topic.is_empty() {
        said += &format!(
            "left out by --topic: all but {}\n",
            arguments.topic.join(", ")
        );
    }
    if let Some(abi) = &arguments.abi {
        said += &format!("left out by --abi: all but {abi}\n");
    }
    if said.is_empty() {
        said += "left out: nothing\n";
    }
    Ok((chosen, said))
}

/// Those of this machine's interpreters and of other systems'.
fn names() -> impl Iterator<Item = &'static str> {
    let own = WANTED.iter().map(|row| row.name);
    own.chain(platforms::ROWS.iter().map(|row| row.name))
}

/// The interpreter of a row, or the name itself.
fn interpreter_of(asked: &str) -> &str {
    let of_row = |name: &&str| {
        asked
            .strip_prefix(name)
            .is_some_and(|rest| rest.starts_with('-'))
    };
    names()
        .find(|name| *name == asked)
        .or_else(|| names().find(of_row))
        .unwrap_or(asked)
}

fn check_names(only: &[String]) -> Result<()> {
    if let Some(unknown) = only
        .iter()
        .find(|name| !names().any(|known| known == interpreter_of(name)))
    {
        let known: Vec<_> = names().collect();
        bail!(
            "no interpreter is named {unknown}: there are {}",
            known.join(", ")
        );
    }
    Ok(())
}

/// Runs all cells, one more at a time than there are processors, as each waits now and then: for
/// collectors, threads and new processes. Rows that take long begin as soon as they can: meanwhile
/// the files of the others are built.
fn fill(
    hosts: Vec<Host>,
    topics: &[Vec<&Topic>],
    builder: &Builder,
) -> Result<(Vec<Row>, Binaries)> {
    let (checkout, target) = (hpy_tests::checkout(), hpy_tests::target());
    let scratch = target.join("hpy/matrix/runs");
    let runner = Runner {
        checkout: &checkout,
        scratch: &scratch,
        environment: &[],
        left_out: &[],
    };
    runner.prepare()?;
    let (long, short) = jobs(&hosts, topics);
    let cells: Mutex<BTreeMap<(usize, String), Cell>> = Mutex::default();
    let seconds = Mutex::new(vec![Duration::ZERO; hosts.len()]);
    let run = |job: &Job<'_>, binaries: &Binaries| {
        let host = &hosts[job.host];
        let start = Instant::now();
        let done = run_job(&runner, host, &job.topics, binaries);
        let took = start.elapsed();
        if let Some(line) = table::worth_a_line(host, &done, took) {
            println!("{line}");
        }
        if let Ok(mut seconds) = seconds.lock() {
            seconds[job.host] += took;
        }
        // Poisoned only if another worker panicked, which ends the scope with that panic.
        if let Ok(mut cells) = cells.lock() {
            cells.extend(
                done.into_iter()
                    .map(|(topic, cell)| ((job.host, topic), cell)),
            );
        }
    };
    let all = || hosts.iter().zip(topics);
    let early = builder.build(
        Binaries::default(),
        all().filter(|(host, _)| host.slow_start),
    );
    let binaries = OnceLock::new();
    let (next_long, next_short) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let work_long = || {
        while let Some(job) = long.get(next_long.fetch_add(1, Ordering::Relaxed)) {
            run(job, &early);
        }
    };
    let work_short = || {
        let binaries = binaries.wait();
        while let Some(job) = short.get(next_short.fetch_add(1, Ordering::Relaxed)) {
            run(job, binaries);
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                work_long();
                work_short();
            });
        }
        scope.spawn(work_short);
        binaries.get_or_init(|| builder.build(early.clone(), all()));
    });

    let seconds = seconds.into_inner().unwrap_or_default();
    let mut rows: Vec<_> = hosts
        .into_iter()
        .zip(seconds)
        .map(|(host, took)| Row {
            host,
            cells: BTreeMap::new(),
            took,
        })
        .collect();
    for ((index, topic), cell) in cells.into_inner().unwrap_or_default() {
        rows[index].cells.insert(topic, cell);
    }
    Ok((rows, binaries.into_inner().unwrap_or_default()))
}

/// What one process runs.
struct Job<'a> {
    host: usize,
    topics: Vec<&'a Topic>,
}

/// Topics that end interpreters, use up memory or stacks, or count what their process holds, those
/// that run PyPy's collector often, which goes over what other topics have left, and those that
/// turn the GIL on for all others: each has one of its own.
const ALONE: [&str; 9] = [
    "globals",
    "hostile",
    "incremental_c",
    "incremental_pyo3",
    "many_interpreters",
    "threads",
    "type_fields",
    "types_by_hand",
    "ujson",
];

/// A process per row where starting takes long: those first, as nothing shall wait for them in the
/// end. Elsewhere one for each topic that is to be alone, and one for all others. The long ones,
/// and the others.
fn jobs<'a>(hosts: &[Host], topics: &[Vec<&'a Topic>]) -> (Vec<Job<'a>>, Vec<Job<'a>>) {
    let (mut long, mut short) = (Vec::new(), Vec::new());
    for (host, (row, topics)) in hosts.iter().zip(topics).enumerate() {
        if row.slow_start {
            let topics = topics.clone();
            long.push(Job { host, topics });
            continue;
        }
        let (alone, together): (Vec<_>, Vec<_>) = topics
            .iter()
            .partition(|topic| ALONE.contains(&topic.name.as_str()));
        let alone = alone.into_iter().map(|topic| vec![topic]);
        let parts = alone.chain([together]);
        short.extend(parts.map(|topics| Job { host, topics }));
    }
    for jobs in [&mut long, &mut short] {
        jobs.retain(|job| !job.topics.is_empty());
    }
    (long, short)
}

fn run_job(
    runner: &Runner<'_>,
    host: &Host,
    topics: &[&Topic],
    binaries: &Binaries,
) -> BTreeMap<String, Cell> {
    let mut host = host.clone();
    let mut modules = binaries.of(&host);
    if host.abi == Abi::Universal && runs_hybrids(topics, &host) {
        match binaries.hybrid(&host) {
            Ok(folder) => host.packages.push(folder.to_path_buf()),
            Err(error) => modules = Err(error),
        }
    }
    let host = &host;
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

/// Whether any of the topics is there in HPy's hybrid form.
fn runs_hybrids(topics: &[&Topic], host: &Host) -> bool {
    let mut topics = topics.iter();
    topics.any(|topic| topic.bound != Bound::Free && topic.excused(host).is_none())
}

#[cfg(test)]
mod tests {
    use super::*;
    use hpy_tests::headers::CApi;

    fn host(name: &str, slow_start: bool) -> Host {
        Host {
            name: name.into(),
            interpreter: name.into(),
            abi: Abi::Universal,
            python: "python".into(),
            packages: Vec::new(),
            mode: None,
            without_hpy: false,
            slow_start,
            c_api: CApi::NONE,
            triple: None,
        }
    }

    #[test]
    fn each_topic_is_run_once_on_each_host() {
        let all = topics::find(&hpy_tests::checkout(), &[]).unwrap();
        let hosts = [
            host("quick", false),
            host("slow", true),
            host("idle", false),
        ];
        let topics: Vec<&Topic> = all.iter().collect();
        let (long, short) = jobs(&hosts, &[topics.clone(), topics, Vec::new()]);
        assert_eq!(long.len(), 1);
        assert_eq!((long[0].host, long[0].topics.len()), (1, all.len()));
        assert!(short.iter().all(|job| job.host == 0));
        let mut run: Vec<&str> = short
            .iter()
            .flat_map(|job| &job.topics)
            .map(|topic| topic.name.as_str())
            .collect();
        run.sort_unstable();
        let mut names: Vec<&str> = all.iter().map(|topic| topic.name.as_str()).collect();
        names.sort_unstable();
        assert_eq!(run, names);
        for name in ALONE {
            assert!(names.contains(&name), "there is no topic {name}");
            let with = short
                .iter()
                .find(|job| job.topics.iter().any(|topic| topic.name == name));
            assert_eq!(with.map(|job| job.topics.len()), Some(1));
        }
    }
}
