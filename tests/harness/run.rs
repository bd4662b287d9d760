//! Runs a topic's test on a host.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::host::Host;
use crate::outcome::{Cell, judge};
use crate::topics::Topic;

/// A test that takes longer hangs.
const PATIENCE: Duration = Duration::from_secs(600);

const PLUGIN: &str = include_str!("outcomes.py");

/// Where the tests run: a folder of their own, from which nothing of the checkout can be imported.
#[derive(Debug)]
pub struct Runner<'a> {
    /// The checkout, whose `tests` folder has pytest's fixtures.
    pub checkout: &'a Path,
    /// For logs and outcomes.
    pub scratch: &'a Path,
}

impl Runner<'_> {
    /// Makes the scratch folder.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn prepare(&self) -> Result<()> {
        let write = || {
            std::fs::create_dir_all(self.scratch.join("plugin"))?;
            std::fs::create_dir_all(self.scratch.join("empty"))?;
            std::fs::write(self.scratch.join("plugin/hpy_outcomes.py"), PLUGIN)
        };
        write().with_context(|| format!("cannot write {}", self.scratch.display()))
    }

    /// One cell. `modules` is the folder of the built files.
    ///
    /// # Errors
    /// If the interpreter does not start or the scratch folder cannot be written.
    pub fn run(&self, host: &Host, topic: &Topic, modules: &Path) -> Result<Cell> {
        let file = |end: &str| {
            self.scratch.join(format!(
                "{}-{}-{}.{end}",
                host.name,
                host.abi.name(),
                topic.name
            ))
        };
        let (log, report) = (file("log"), file("json"));
        if report.exists() {
            std::fs::remove_file(&report)?;
        }
        let output =
            File::create(&log).with_context(|| format!("cannot write {}", log.display()))?;
        let child = self
            .command(host, topic, modules)?
            .env("HPY_TEST_OUTCOMES", &report)
            .stdin(Stdio::null())
            .stderr(output.try_clone()?)
            .stdout(output)
            .spawn()
            .with_context(|| format!("{} does not start", host.python.display()))?;
        let ended = wait(child)?;
        // No file, or half a one, means that the process crashed.
        let outcomes = File::open(&report)
            .ok()
            .and_then(|file| serde_json::from_reader(file).ok());
        let mut said = Vec::new();
        File::open(&log)?.read_to_end(&mut said)?;
        Ok(judge(
            ended,
            outcomes,
            String::from_utf8_lossy(&said).into_owned(),
        ))
    }

    fn command(&self, host: &Host, topic: &Topic, modules: &Path) -> Result<Command> {
        let tests = self.checkout.join("tests");
        let plugin = self.scratch.join("plugin");
        let packages = host.packages.iter().map(PathBuf::as_path);
        let path = std::env::join_paths(
            [modules]
                .into_iter()
                .chain(packages)
                .chain([plugin.as_path(), tests.as_path()]),
        )?;
        let mut command = Command::new(&host.python);
        command
            .args([
                "-m",
                "pytest",
                "-q",
                "-p",
                "no:cacheprovider",
                "-p",
                "hpy_outcomes",
                "-p",
                "hpy_leaks",
            ])
            .arg(&topic.test)
            .current_dir(self.scratch.join("empty"))
            .env("PYTHONPATH", path)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("PYTHONNOUSERSITE", "1")
            .env("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
            .env("HPY_TEST_ABI", host.abi.name())
            .env_remove("HPY")
            .env_remove("VIRTUAL_ENV");
        if let Some(mode) = host.mode {
            command.env("HPY", mode);
        }
        if host.without_hpy {
            command.env("HPY_TEST_WITHOUT_HPY", "1");
        }
        Ok(command)
    }
}

fn wait(mut child: Child) -> Result<Result<(), String>> {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(how(status));
        }
        if start.elapsed() > PATIENCE {
            child.kill()?;
            child.wait()?;
            return Ok(Err(format!("still running after {} s", PATIENCE.as_secs())));
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
