//! Runs a topic's test on a host.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::host::Host;
use crate::outcome::{Cell, judge};
use crate::report::Report;
use crate::sources;
use crate::topics::Topic;

/// A topic whose tests take longer hangs.
const PATIENCE: Duration = Duration::from_secs(600);
/// What each further topic of a process may take.
const MORE_PATIENCE: Duration = Duration::from_secs(120);
/// How much longer an emulator may take.
const EMULATED: u32 = 4;

const PLUGIN: &str = include_str!("outcomes.py");

/// Where the tests run: a folder of their own, from which nothing of the checkout can be imported.
#[derive(Debug)]
pub struct Runner<'a> {
    /// The checkout, whose `tests` folder has pytest's fixtures.
    pub checkout: &'a Path,
    /// For logs and outcomes.
    pub scratch: &'a Path,
    /// What the interpreter finds in its environment beside what is there.
    pub environment: &'a [(OsString, OsString)],
    /// Tests to leave out, as pytest names them.
    pub left_out: &'a [&'a str],
}

/// What a pytest process left behind.
struct Ended {
    how: Result<(), String>,
    /// That it ended badly only says that tests failed, or that all were skipped.
    by_itself: bool,
    report: Report,
    output: String,
}

impl Ended {
    /// The cell of the topic that the process crashed in.
    fn crash(&self) -> Cell {
        let how = self.how.clone().err().unwrap_or_default();
        let place = self.report.last().unwrap_or("the collection of tests");
        let how = format!("{how} in {place}");
        judge(Err(how), None, self.output.clone())
    }
}

impl Runner<'_> {
    /// Makes the scratch folder: once in a process, before any of its runs. Another process may be
    /// running tests in it, so the plugin is replaced as a whole, never written into. An
    /// interpreter that imports half of it reports no outcomes.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn prepare(&self) -> Result<()> {
        let plugin = self.scratch.join("plugin/hpy_outcomes.py");
        let write = || {
            std::fs::create_dir_all(self.scratch.join("plugin"))?;
            std::fs::create_dir_all(self.scratch.join("empty"))?;
            let attempt = self.scratch.join(format!("plugin-{}", std::process::id()));
            std::fs::write(&attempt, PLUGIN)?;
            std::fs::rename(&attempt, &plugin)
        };
        write().with_context(|| format!("cannot write {}", self.scratch.display()))
    }

    /// One cell, in a process of its own. `modules` is the folder of the built files.
    ///
    /// # Errors
    /// If the interpreter does not start or the scratch folder cannot be written.
    pub fn run(&self, host: &Host, topic: &Topic, modules: &Path) -> Result<Cell> {
        Ok(self.run_counted(host, topic, modules)?.0)
    }

    /// As [`run`](Self::run); in trace mode also how often each function of the context was called.
    ///
    /// # Errors
    /// As for [`run`](Self::run).
    pub fn run_counted(
        &self,
        host: &Host,
        topic: &Topic,
        modules: &Path,
    ) -> Result<(Cell, BTreeMap<String, u64>)> {
        if let Some(why) = topic.excused(host) {
            return Ok((Cell::skipped(&topic.name, why), BTreeMap::new()));
        }
        let mut ended = self.pytest(host, &[topic], modules)?;
        let outcomes = ended.report.take(&topic.tests);
        if !ended.report.finished {
            return Ok((ended.crash(), BTreeMap::new()));
        }
        let calls = std::mem::take(&mut ended.report.calls);
        Ok((judge(ended.how, Some(outcomes), ended.output), calls))
    }

    /// A row's cells in one process, by topic: where starting the interpreter takes longer than the
    /// tests do. After a crash, the topics that have not been run yet get another process.
    ///
    /// # Errors
    /// As for [`run`](Self::run).
    pub fn run_together(
        &self,
        host: &Host,
        topics: &[&Topic],
        modules: &Path,
    ) -> Result<BTreeMap<String, Cell>> {
        let mut cells = BTreeMap::new();
        let mut left = topics.to_vec();
        left.retain(|topic| match topic.excused(host) {
            Some(why) => {
                cells.insert(topic.name.clone(), Cell::skipped(&topic.name, why));
                false
            }
            None => true,
        });
        while !left.is_empty() {
            let mut ended = self.pytest(host, &left, modules)?;
            let crashed = match ended.report.finished {
                true => None,
                // In the first if not even a test began.
                false => Some(
                    left.iter()
                        .position(|topic| ended.report.stopped_in(&topic.tests))
                        .unwrap_or(0),
                ),
            };
            let done = crashed.map_or(left.len(), |at| at + 1);
            for (at, topic) in left.drain(..done).enumerate() {
                let outcomes = ended.report.take(&topic.tests);
                let cell = if crashed == Some(at) {
                    ended.crash()
                } else {
                    let failures = outcomes.failed.iter();
                    let output = failures
                        .map(|(test, text)| format!("{test}\n{text}"))
                        .collect::<Vec<_>>();
                    // A topic ends the process badly, or it ends so after them all.
                    let how = match crashed.is_some() || ended.by_itself {
                        true => Ok(()),
                        false => ended.how.clone(),
                    };
                    judge(how, Some(outcomes), output.join("\n"))
                };
                cells.insert(topic.name.clone(), cell);
            }
        }
        Ok(cells)
    }

    fn pytest(&self, host: &Host, topics: &[&Topic], modules: &Path) -> Result<Ended> {
        let name = match topics {
            [topic] => topic.name.as_str(),
            _ => "together",
        };
        let file = |end: &str| {
            self.scratch.join(format!(
                "{}-{}-{name}.{end}",
                host.file_name(),
                host.abi.name()
            ))
        };
        let (log, report) = (file("log"), file("jsonl"));
        if report.exists() {
            std::fs::remove_file(&report)?;
        }
        let output =
            File::create(&log).with_context(|| format!("cannot write {}", log.display()))?;
        let child = self
            .command(host, topics, modules)?
            .env("HPY_TEST_OUTCOMES", seen(host, &report))
            .stdin(Stdio::null())
            .stderr(output.try_clone()?)
            .stdout(output)
            .spawn()
            .with_context(|| format!("{} does not start", host.python.display()))?;
        let further = u32::try_from(topics.len().saturating_sub(1)).unwrap_or(0);
        let slowness = if host.triple.is_some() { EMULATED } else { 1 };
        let (how, by_itself) = wait(child, (PATIENCE + MORE_PATIENCE * further) * slowness)?;
        let mut said = Vec::new();
        File::open(&log)?.read_to_end(&mut said)?;
        Ok(Ended {
            how,
            by_itself,
            report: Report::read(&report),
            output: String::from_utf8_lossy(&said).into_owned(),
        })
    }

    fn bytecode(&self, host: &Host) -> PathBuf {
        self.scratch
            .join("bytecode")
            .join(host.interpreter.replace('/', "-"))
    }

    fn command(&self, host: &Host, topics: &[&Topic], modules: &Path) -> Result<Command> {
        let tests = self.checkout.join("tests");
        let plugin = self.scratch.join("plugin");
        let packages = host.packages.iter().map(PathBuf::as_path);
        let folders = [modules]
            .into_iter()
            .chain(packages)
            .chain([plugin.as_path(), tests.as_path()]);
        let path = match host.is_foreign_windows() {
            true => {
                let folders: Vec<_> = folders.map(|folder| seen(host, folder)).collect();
                folders.join(OsStr::new(";"))
            }
            false => std::env::join_paths(folders)?,
        };
        let mut command = Command::new(&host.python);
        command
            .args([
                "-m",
                "pytest",
                "-q",
                "--continue-on-collection-errors",
                "-p",
                "no:cacheprovider",
                "-p",
                "hpy_outcomes",
                "-p",
                "hpy_leaks",
            ])
            // Tests are named by their path from there. The folder that pytest would take need not
            // have all of them in it.
            .arg("--rootdir")
            .arg(self.checkout)
            .args(topics.iter().flat_map(|topic| &topic.tests))
            .args(
                self.left_out
                    .iter()
                    .map(|test| format!("--deselect={test}")),
            )
            .current_dir(self.scratch.join("empty"))
            .env("PYTHONPATH", path)
            // Compiling pytest takes half a second. The checkout stays clean, and no interpreter
            // reads what another one has written.
            .env("PYTHONPYCACHEPREFIX", seen(host, &self.bytecode(host)))
            .env_remove("PYTHONDONTWRITEBYTECODE")
            .env("PYTHONNOUSERSITE", "1")
            .env("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
            .env("HPY_TEST_ABI", host.abi.name())
            // Tests panic by the thousand, and finding the names of a backtrace takes 40 ms.
            .env("RUST_BACKTRACE", "0")
            .env_remove("HPY")
            .env_remove("HPY_TEST_UNKNOWN_PYTHON")
            .env_remove("VIRTUAL_ENV")
            .envs(self.environment.iter().cloned());
        let archives: Vec<String> = topics
            .iter()
            .map(|topic| sources::named_in(&topic.folder))
            .collect::<Result<Vec<_>>>()?
            .concat();
        if !archives.is_empty() {
            let folder = sources::provide(&crate::target(), &archives)?;
            command.env("HPY_TEST_SOURCES", folder);
        }
        if let Some(mode) = host.mode {
            command.env("HPY", mode);
        }
        if host.is_unknown() {
            // Read by the bundled runtime in builds with debug assertions.
            command.env("HPY_TEST_UNKNOWN_PYTHON", "1");
        }
        if host.without_hpy {
            command.env("HPY_TEST_WITHOUT_HPY", "1");
        }
        Ok(command)
    }
}

/// A path as the interpreter sees it. Wine has the whole system as a drive.
fn seen(host: &Host, path: &Path) -> OsString {
    let mut seen = OsString::new();
    if host.is_foreign_windows() {
        seen.push("Z:");
    }
    seen.push(path);
    seen
}

/// pytest's exit codes for failing tests, and for none.
const BY_ITSELF: [i32; 2] = [1, 5];

fn wait(mut child: Child, patience: Duration) -> Result<(Result<(), String>, bool)> {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            let by_itself = status.code().is_some_and(|code| BY_ITSELF.contains(&code));
            return Ok((how(status), by_itself));
        }
        if start.elapsed() > patience {
            child.kill()?;
            child.wait()?;
            let hung = format!("still running after {} s", patience.as_secs());
            return Ok((Err(hung), false));
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn how(status: ExitStatus) -> Result<(), String> {
    if status.success() {
        Ok(())
    } else {
        Err(status.to_string())
    }
}
