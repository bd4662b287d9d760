//! Runs pytest on one interpreter, again after each crash, and reads what became of each test
//! function.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde::Deserialize;

use super::suite::Suite;
use crate::interpreters::{Interpreter, WANTED};

/// A session that takes longer hangs. One takes ten seconds, or a minute if everything must be
/// compiled; on a machine with other work, many times that.
const PATIENCE: Duration = Duration::from_secs(1500);

/// Why functions for hybrid binaries alone do not run: the plugin leaves them out for want of
/// `Python.h`.
pub const NO_HEADERS: &str = "hybrid binaries need Python.h, which this Python does not have";

/// So often is the rest run after a crash.
const CRASHES: usize = 40;

/// What became of a test function on an interpreter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    Passed,
    Failed(String),
    NotRun(String),
}

/// A run of pytest on one interpreter.
#[derive(Debug)]
pub struct Session<'a> {
    pub suite: &'a Suite,
    pub interpreter: &'a Interpreter,
    /// The folder that has our package `hpy`.
    pub package: &'a Path,
    /// The folder of our pytest plugin.
    pub plugin: &'a Path,
    /// For logs, reports and pytest's temporary folders.
    pub scratch: PathBuf,
    /// Files and options for pytest.
    pub arguments: Vec<String>,
}

/// What the plugin writes, a line each.
#[derive(Debug, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
enum Event {
    Collected {
        item: String,
        function: String,
        mode: Option<String>,
        wanted: bool,
    },
    NotCollected {
        item: String,
        why: String,
    },
    Started {
        item: String,
    },
    Passed {
        item: String,
    },
    Failed {
        item: String,
        why: String,
    },
    Skipped {
        item: String,
        why: String,
    },
    Finished {
        item: String,
    },
}

/// The functions that pytest found, and what went wrong beside them.
#[derive(Debug, Default)]
pub struct Results {
    pub functions: BTreeMap<String, Outcome>,
    /// A crash outside of any test, a file that cannot be imported.
    pub broken: Vec<String>,
}

impl Session<'_> {
    /// Runs it.
    ///
    /// # Errors
    /// If the interpreter does not start or the scratch folder cannot be used.
    pub fn run(&self) -> Result<Results> {
        if self.scratch.exists() {
            std::fs::remove_dir_all(&self.scratch)
                .with_context(|| format!("cannot remove {}", self.scratch.display()))?;
        }
        std::fs::create_dir_all(&self.scratch)
            .with_context(|| format!("cannot make {}", self.scratch.display()))?;
        let done = self.scratch.join("done");
        let mut log = Log::default();
        for attempt in 0..=CRASHES {
            let report = self.scratch.join(format!("report-{attempt}.jsonl"));
            let output = self.scratch.join(format!("output-{attempt}.log"));
            std::fs::write(&done, log.settled())?;
            let ended = self.start(&report, &output, &done)?;
            let text = std::fs::read_to_string(&report).unwrap_or_default();
            let unfinished = log.read(&text);
            match (ended, unfinished) {
                (Ended::Regularly, None) => break,
                (ended, Some(item)) => log.crashed(item, &ended.describe()),
                (ended, None) => {
                    let said = std::fs::read_to_string(&output).unwrap_or_default();
                    log.broken.push(format!(
                        "{} outside of any test: {}",
                        ended.describe(),
                        last_lines(&said, 15)
                    ));
                    break;
                }
            }
            if attempt == CRASHES {
                log.broken
                    .push(format!("more than {CRASHES} crashes: the rest was not run"));
            }
        }
        Ok(log.results())
    }

    fn start(&self, report: &Path, output: &Path, done: &Path) -> Result<Ended> {
        let path = std::env::join_paths([
            self.package,
            &self.suite.folder,
            &self.suite.packages,
            self.plugin,
            &self.interpreter.pytest,
        ])?;
        let output =
            File::create(output).with_context(|| format!("cannot write {}", output.display()))?;
        let mut command = Command::new(&self.interpreter.executable);
        let mut rows = WANTED.iter();
        if rows.any(|row| row.free_threaded && row.name == self.interpreter.name) {
            // The suite's extensions do not say that they can do without the GIL, and a warning
            // that it is switched on would stand in what tests read.
            command.env("PYTHON_GIL", "0");
        }
        let child = command
            .args(["-m", "pytest", "-p", "hpy_conformance", "--tb=short"])
            .args(["-p", "no:cacheprovider", "-p", "no:faulthandler"])
            .arg("--rootdir")
            .arg(&self.suite.folder)
            .arg("--basetemp")
            .arg(self.scratch.join("temporary"))
            .args(&self.arguments)
            .current_dir(&self.suite.folder)
            .env("PYTHONPATH", path)
            .env("HPY_CONFORMANCE_SUITE", &self.suite.folder)
            .env("HPY_CONFORMANCE_BINARIES", &self.suite.binaries)
            .env("HPY_CONFORMANCE_REPORT", report)
            .env("HPY_CONFORMANCE_DONE", done)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("PYTHONNOUSERSITE", "1")
            .env("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
            .env_remove("HPY")
            .env_remove("VIRTUAL_ENV")
            .stdin(Stdio::null())
            .stderr(output.try_clone()?)
            .stdout(output)
            .spawn()
            .with_context(|| format!("{} does not start", self.interpreter.executable.display()))?;
        wait(child)
    }
}

#[derive(Debug)]
enum Ended {
    Regularly,
    By(ExitStatus),
    Hanging,
}

impl Ended {
    fn describe(&self) -> String {
        match self {
            Ended::Regularly => "the process ended".to_string(),
            Ended::By(status) => format!("the process ended: {status}"),
            Ended::Hanging => format!("still running after {} s", PATIENCE.as_secs()),
        }
    }
}

fn wait(mut child: Child) -> Result<Ended> {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            // pytest's own: all passed, some failed, none was selected.
            return Ok(match status.code() {
                Some(0 | 1 | 5) => Ended::Regularly,
                _ => Ended::By(status),
            });
        }
        if start.elapsed() > PATIENCE {
            child.kill()?;
            child.wait()?;
            return Ok(Ended::Hanging);
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// All that the processes of a session reported.
#[derive(Debug, Default)]
struct Log {
    items: BTreeMap<String, Item>,
    broken: Vec<String>,
}

/// A function with one set of parameters, on one of the suite's classes.
#[derive(Debug, Default)]
struct Item {
    function: String,
    mode: Option<String>,
    wanted: bool,
    outcome: Option<Outcome>,
    settled: bool,
}

impl Log {
    /// Takes in a report; the item that was started last and not finished.
    fn read(&mut self, report: &str) -> Option<String> {
        let mut running = None;
        for line in report.lines() {
            let event = match serde_json::from_str(line) {
                Ok(event) => event,
                Err(error) => {
                    self.broken
                        .push(format!("a report cannot be read: {error}: {line}"));
                    continue;
                }
            };
            match event {
                Event::Collected {
                    item,
                    function,
                    mode,
                    wanted,
                } => {
                    let entry = self.items.entry(item).or_default();
                    (entry.function, entry.mode, entry.wanted) = (function, mode, wanted);
                }
                Event::NotCollected { item, why } => {
                    self.broken
                        .push(format!("{item} cannot be imported: {why}"));
                }
                Event::Started { item } => running = Some(item),
                Event::Passed { item } => self.becomes(&item, Outcome::Passed),
                Event::Failed { item, why } => self.becomes(&item, Outcome::Failed(why)),
                Event::Skipped { item, why } => self.becomes(&item, Outcome::NotRun(why)),
                Event::Finished { item } => {
                    self.items.entry(item).or_default().settled = true;
                    running = None;
                }
            }
        }
        running
    }

    /// A failure of set-up or tear-down counts, too.
    fn becomes(&mut self, item: &str, outcome: Outcome) {
        let entry = self.items.entry(item.to_string()).or_default();
        if !matches!(entry.outcome, Some(Outcome::Failed(_))) {
            entry.outcome = Some(outcome);
        }
    }

    fn crashed(&mut self, item: String, how: &str) {
        self.becomes(&item, Outcome::Failed(how.to_string()));
        self.items.entry(item).or_default().settled = true;
    }

    fn settled(&self) -> String {
        let settled = self.items.iter().filter(|(_, item)| item.settled);
        settled.map(|(name, _)| format!("{name}\n")).collect()
    }

    fn results(self) -> Results {
        let mut by_function: BTreeMap<String, Vec<Item>> = BTreeMap::new();
        for item in self.items.into_values() {
            by_function
                .entry(item.function.clone())
                .or_default()
                .push(item);
        }
        Results {
            functions: by_function
                .into_iter()
                .map(|(function, items)| (function, judge(items)))
                .collect(),
            broken: self.broken,
        }
    }
}

/// A function fails if any item of it does, and passes if all that were wanted did.
fn judge(items: Vec<Item>) -> Outcome {
    let wanted = items.iter().any(|item| item.wanted);
    if !wanted {
        let modes: BTreeSet<_> = items.into_iter().filter_map(|item| item.mode).collect();
        let modes: Vec<_> = modes.into_iter().collect();
        if modes.contains(&"hybrid".to_string()) {
            return Outcome::NotRun(NO_HEADERS.to_string());
        }
        return Outcome::NotRun(format!("not for these binaries: {}", modes.join(", ")));
    }
    let mut worst = Outcome::Passed;
    for item in items.into_iter().filter(|item| item.wanted) {
        match item.outcome {
            Some(Outcome::Passed) => {}
            Some(Outcome::Failed(why)) => return Outcome::Failed(why),
            Some(not_run) => worst = not_run,
            None => worst = Outcome::NotRun("not asked for".to_string()),
        }
    }
    worst
}

fn last_lines(text: &str, count: usize) -> String {
    let lines: Vec<_> = text.lines().collect();
    lines[lines.len().saturating_sub(count)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn collected(item: &str, function: &str, mode: &str, wanted: bool) -> String {
        let event = serde_json::json!({
            "event": "collected",
            "item": item,
            "function": function,
            "mode": mode,
            "wanted": wanted,
        });
        format!("{event}\n")
    }

    #[test]
    fn a_crash_is_the_failure_of_the_test_that_ran() {
        let mut log = Log::default();
        let report = collected("a[universal]", "a", "universal", true)
            + &collected("b[universal]", "b", "universal", true)
            + r#"{"event": "started", "item": "a[universal]"}
{"event": "passed", "item": "a[universal]"}
{"event": "finished", "item": "a[universal]"}
{"event": "started", "item": "b[universal]"}
"#;
        let running = log.read(&report);
        assert_eq!(running.as_deref(), Some("b[universal]"));
        assert_eq!(log.settled(), "a[universal]\n");
        log.crashed(running.unwrap(), "signal 11");
        assert_eq!(log.settled(), "a[universal]\nb[universal]\n");
        let results = log.results();
        assert_eq!(results.functions["a"], Outcome::Passed);
        assert_eq!(
            results.functions["b"],
            Outcome::Failed("signal 11".to_string())
        );
        assert!(results.broken.is_empty());
    }

    #[test]
    fn one_failing_item_fails_its_function() {
        let mut log = Log::default();
        let report = collected("a[1]", "a", "universal", true)
            + &collected("a[2]", "a", "universal", true)
            + &collected("a[debug]", "a", "debug", false)
            + &collected("c[debug]", "c", "debug", false)
            + r#"{"event": "failed", "item": "a[1]", "why": "1 != 2"}
{"event": "finished", "item": "a[1]"}
{"event": "passed", "item": "a[2]"}
{"event": "failed", "item": "a[2]", "why": "tear-down"}
{"event": "finished", "item": "a[2]"}
half a li"#;
        assert_eq!(log.read(&report), None);
        let results = log.results();
        assert_eq!(
            results.functions["a"],
            Outcome::Failed("1 != 2".to_string())
        );
        assert_eq!(
            results.functions["c"],
            Outcome::NotRun("not for these binaries: debug".to_string())
        );
        assert_eq!(results.broken.len(), 1);
    }
}
