//! `cargo xtask asan`: every test extension and example, built for a CPython by nightly Rust with
//! AddressSanitizer, under the very tests that the matrix runs.
//!
//! The interpreter is the ordinary one: the sanitizer's runtime is preloaded, and takes the place
//! of `malloc`, which Python is told to use for its objects. So what Rust code reads and writes of
//! them is checked, and so is what the C library does for anybody. A report fails the task,
//! whichever process of the tests wrote it.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, anyhow, bail};
use hpy_tests::headers;
use hpy_tests::host::{Abi, Host};
use hpy_tests::outcome::Verdict;
use hpy_tests::plan::Plan;
use hpy_tests::run::Runner;
use hpy_tests::topics::{self, Bound};

use crate::interpreters::{self, Implementation, WANTED};
use crate::tools::Missing;

/// Tests that AddressSanitizer itself makes fail, by pytest's names, with the reason.
const LEFT_OUT: &[(&str, &str)] = &[(
    "tests/extensions/torture/test_torture.py::test_creations",
    "it watches how much memory the process has, and the sanitizer keeps what was freed for a \
     while",
)];

/// `log_path` and what else names files comes on top.
const OPTIONS: &str = "detect_leaks=0:allocator_may_return_null=1:quarantine_size_mb=64";

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Only these CPythons, as `cargo xtask interpreters` names them.
    #[arg(
        long,
        value_name = "NAME",
        value_delimiter = ',',
        default_value = "cpython3.11"
    )]
    only: Vec<String>,
    /// Only these topics.
    #[arg(long, value_name = "TOPIC", value_delimiter = ',')]
    topic: Vec<String>,
    /// Provide no interpreter over the network.
    #[arg(long)]
    offline: bool,
    /// Fail if there is no nightly Rust.
    #[arg(long)]
    require_all: bool,
}

/// Runs the task.
///
/// # Errors
/// If there is no runtime of the sanitizer or no interpreter, if a topic does not compile, or if
/// the sanitizer does not see what it should.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    check_names(&arguments.only)?;
    let compiler = match nightly_rustc() {
        Ok(compiler) => compiler,
        Err(reason) => {
            let mut missing = Missing::default();
            missing.note("nothing is run under AddressSanitizer", &reason);
            let failed = missing.fails(arguments.require_all);
            return Ok(ExitCode::from(u8::from(failed)));
        }
    };
    let runtime = runtime()?;
    let mut topics = topics::find(&hpy_tests::checkout(), &arguments.topic)?;
    // PyO3's own code is for others to check.
    topics.retain(|topic| topic.bound != Bound::PyO3);
    let asked = |name: &str| arguments.only.iter().any(|asked| asked == name);
    let interpreters = interpreters::obtain(|row| asked(row.name), arguments.offline)?;
    interpreters.warn_of_missing();
    if interpreters.found.is_empty() {
        bail!("no interpreter to run on");
    }
    let mut plan = Plan::of(&topics)?;
    plan.environment = vec![
        ("RUSTC".into(), compiler.rustc.into()),
        ("RUSTFLAGS".into(), "-Zsanitizer=address".into()),
        // With a target named, the flags are not for build scripts and procedural macros, which the
        // compiler runs.
        ("CARGO_BUILD_TARGET".into(), compiler.target.into()),
    ];
    for (test, reason) in LEFT_OUT {
        println!("left out: {test}: {reason}");
    }
    let left_out: Vec<&str> = LEFT_OUT.iter().map(|(test, _)| *test).collect();
    let (checkout, place) = (hpy_tests::checkout(), hpy_tests::target().join("hpy/asan"));
    let (mut passed, mut failed, mut reports) = (0, 0, 0);
    for interpreter in &interpreters.found {
        let host = Host {
            name: interpreter.name.to_string(),
            interpreter: interpreter.name.to_string(),
            abi: Abi::Cpython,
            python: interpreter.executable.clone(),
            packages: vec![interpreter.pytest.clone()],
            mode: None,
            without_hpy: true,
            slow_start: false,
            c_api: headers::of(&interpreter.executable),
            triple: None,
        };
        let modules = build(&plan, &host, &place)?;
        let scratch = place.join("runs").join(&host.name);
        let environment = environment(&runtime, &scratch.join("report"));
        let runner = Runner {
            checkout: &checkout,
            scratch: &scratch,
            environment: &environment,
            left_out: &left_out,
        };
        runner.prepare()?;
        check_that_it_sees(&host, &environment, &scratch)?;
        for topic in &topics {
            let start = Instant::now();
            let cell = runner.run(&host, topic, &modules)?;
            let found = take_reports(&scratch)?;
            let verdict = match &cell.verdict {
                Verdict::Pass if found.is_empty() => "pass".to_string(),
                Verdict::Skip(reason) if found.is_empty() => format!("skip: {reason}"),
                Verdict::Fail(why) => format!("FAIL: {why}"),
                _ => "FAIL".to_string(),
            };
            let took = start.elapsed().as_secs();
            println!("{} {}: {verdict} ({took} s)", host.name, topic.name);
            if verdict.starts_with("FAIL") {
                failed += 1;
                println!("{}", cell.last_lines(60));
            } else {
                passed += 1;
            }
            for report in &found {
                reports += 1;
                println!("{}", first_lines(report, 80));
            }
        }
    }
    println!("asan: {passed} passed, {failed} failed, {reports} reports");
    Ok(if failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn check_names(only: &[String]) -> Result<()> {
    let is_known = |name: &String| {
        let mut rows = WANTED.iter();
        rows.any(|row| row.name == *name && row.implementation == Implementation::CPython)
    };
    match only.iter().find(|name| !is_known(name)) {
        Some(unknown) => bail!("{unknown} is no CPython that tests run on"),
        None => Ok(()),
    }
}

/// Nightly Rust's compiler.
pub struct Compiler {
    pub rustc: PathBuf,
    /// What it compiles for by itself.
    pub target: String,
}

/// The compiler, by way of rustup.
///
/// # Errors
/// If it is not installed.
pub fn nightly_rustc() -> Result<Compiler> {
    let missing =
        "AddressSanitizer needs nightly Rust, which is not here: rustup toolchain install nightly";
    let path = said(Command::new("rustup").args(["which", "--toolchain", "nightly", "rustc"]))
        .context(missing)?;
    let rustc = PathBuf::from(path.trim());
    let version = said(Command::new(&rustc).arg("-vV")).context(missing)?;
    let target = version
        .lines()
        .find_map(|line| line.strip_prefix("host: "))
        .context("rustc does not say what it compiles for")?
        .to_string();
    Ok(Compiler { rustc, target })
}

/// The shared library of the sanitizer's runtime: Rust has it only to be linked into programs.
fn runtime() -> Result<PathBuf> {
    let compiler = std::env::var_os("CC").unwrap_or_else(|| "gcc".into());
    let name = said(Command::new(&compiler).arg("-print-file-name=libasan.so"))?;
    // A name that gcc does not find comes back as it went in. What is found may be a link, and the
    // loader wants a file.
    let path = PathBuf::from(name.trim());
    if !path.is_absolute() {
        bail!("AddressSanitizer's runtime libasan.so, which comes with gcc, is not here");
    }
    path.canonicalize()
        .with_context(|| format!("cannot read {}", path.display()))
}

fn said(command: &mut Command) -> Result<String> {
    let output = command
        .output()
        .with_context(|| format!("{} does not start", command.get_program().display()))?;
    if !output.status.success() {
        let error = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        bail!("{error}");
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The folder to import from.
fn build(plan: &Plan, host: &Host, place: &Path) -> Result<PathBuf> {
    let python = cargo_hpy::Interpreter::find(Some(host.python.as_os_str()));
    let abi = cargo_hpy::Abi::CPython(python.map_err(|error| anyhow!("{error}"))?);
    let out = place.join(abi.key());
    let start = Instant::now();
    plan.build(&abi, None, &out)?;
    for entry in std::fs::read_dir(&out)? {
        let path = entry?.path();
        let name = b"__asan_init";
        if !std::fs::read(&path)?
            .windows(name.len())
            .any(|window| window == name)
        {
            bail!("{} was built without AddressSanitizer", path.display());
        }
    }
    println!("built for {}: {} s", host.name, start.elapsed().as_secs());
    Ok(out)
}

/// What the tests' interpreter is started with.
fn environment(runtime: &Path, report: &Path) -> Vec<(OsString, OsString)> {
    let mut options = OsString::from(OPTIONS);
    options.push(":log_path=");
    options.push(report);
    vec![
        ("LD_PRELOAD".into(), runtime.into()),
        ("ASAN_OPTIONS".into(), options),
        ("PYTHONMALLOC".into(), "malloc".into()),
    ]
}

/// A write beyond the end of a block must be reported, or the whole task says nothing.
fn check_that_it_sees(
    host: &Host,
    environment: &[(OsString, OsString)],
    scratch: &Path,
) -> Result<()> {
    take_reports(scratch)?;
    let code = "import ctypes; ctypes.memset((ctypes.c_char * 1000)(), 0, 1001)";
    let status = Command::new(&host.python)
        .args(["-c", code])
        .envs(environment.iter().cloned())
        .stderr(Stdio::null())
        .status()?;
    let reports = take_reports(scratch)?;
    let seen = reports
        .iter()
        .any(|report| report.contains("heap-buffer-overflow"));
    if status.success() || !seen {
        bail!(
            "AddressSanitizer does not see a write beyond the end of a block on {}",
            host.name
        );
    }
    Ok(())
}

/// What the processes since the last call have reported.
fn take_reports(scratch: &Path) -> Result<Vec<String>> {
    let mut reports = BTreeMap::new();
    for entry in std::fs::read_dir(scratch)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with("report.") {
            let text = String::from_utf8_lossy(&std::fs::read(&path)?).into_owned();
            std::fs::remove_file(&path)?;
            if text.lines().any(|line| !is_refusal(line)) {
                reports.insert(path, text);
            }
        }
    }
    Ok(reports.into_values().collect())
}

/// That there is not as much memory as a test has asked for, who expects that.
fn is_refusal(line: &str) -> bool {
    line.contains("WARNING: AddressSanitizer failed to allocate")
}

fn first_lines(text: &str, count: usize) -> String {
    text.lines().take(count).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_cpythons_can_be_asked_for() {
        let names = |names: &[&str]| {
            names
                .iter()
                .map(|name| name.to_string())
                .collect::<Vec<_>>()
        };
        assert!(check_names(&names(&["cpython3.11", "cpython3.13"])).is_ok());
        assert!(check_names(&names(&["cpython3.11", "pypy8"])).is_err());
    }

    #[test]
    fn reports_are_taken_once_and_nothing_else_is() {
        let folder = std::env::temp_dir().join(format!("hpy-asan-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("report.12"), "first\nsecond\n").unwrap();
        std::fs::write(folder.join("some.log"), "log").unwrap();
        let reports = take_reports(&folder).unwrap();
        assert_eq!(reports, ["first\nsecond\n"]);
        assert_eq!(first_lines(&reports[0], 1), "first");
        assert!(take_reports(&folder).unwrap().is_empty());
        let refusal = "==1==WARNING: AddressSanitizer failed to allocate 0x200000000000 bytes\n";
        std::fs::write(folder.join("report.13"), refusal).unwrap();
        assert!(take_reports(&folder).unwrap().is_empty());
        let more = refusal.to_owned() + "==1==ERROR: AddressSanitizer: heap-use-after-free\n";
        std::fs::write(folder.join("report.14"), &more).unwrap();
        assert_eq!(take_reports(&folder).unwrap(), [more]);
        assert!(folder.join("some.log").is_file());
        std::fs::remove_dir_all(folder).unwrap();
    }
}
