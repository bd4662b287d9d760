//! `cargo xtask deny`: the licences, sources and duplicates of all dependencies, and what is known
//! to be wrong with them.
//!
//! cargo-deny does it, as `deny.toml` says, in each workspace of the repository. The database of
//! known defects is a git repository of RustSec's: where that cannot be reached, they are not
//! checked, and the task says so.

use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, anyhow};

use crate::bench::output;
use crate::tools::{self, Missing};

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Use no network: without cargo-deny in the cache nothing is checked, and known defects are
    /// not.
    #[arg(long)]
    offline: bool,
    /// Fail if cargo-deny or the database of known defects cannot be had.
    #[arg(long)]
    require_all: bool,
}

/// Runs the task.
///
/// # Errors
/// If a workspace's manifest cannot be found, or cargo-deny does not start.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let mut missing = Missing::default();
    let deny = match tools::obtain(&tools::CARGO_DENY, arguments.offline) {
        Ok(deny) => deny,
        Err(reason) => {
            missing.note("the dependencies are not checked", &reason);
            return Ok(ExitCode::from(u8::from(
                missing.fails(arguments.require_all),
            )));
        }
    };
    let (mut failed, mut database) = (0, true);
    for lock in workspaces()?.lines() {
        let manifest = Path::new(lock).with_file_name("Cargo.toml");
        println!("{}", manifest.display());
        let checks = check(
            &deny,
            &manifest,
            &["licenses", "bans", "sources"],
            arguments,
        )?;
        print!("{}", checks.said);
        failed += usize::from(!checks.passed);
        if !database {
            continue;
        }
        let advisories = check(&deny, &manifest, &["advisories"], arguments)?;
        if advisories.without_database() {
            database = false;
            missing.note(
                "known defects and yanked versions are not checked",
                &anyhow!("{}", advisories.cause()),
            );
        } else {
            print!("{}", advisories.said);
            failed += usize::from(!advisories.passed);
        }
    }
    println!("deny: {failed} failed");
    let failed = failed > 0 || missing.fails(arguments.require_all);
    Ok(ExitCode::from(u8::from(failed)))
}

/// The lock file of each workspace.
fn workspaces() -> Result<String> {
    output(
        Command::new("git")
            .args(["ls-files", "Cargo.lock", "*/Cargo.lock"])
            .current_dir(hpy_tests::checkout()),
    )
}

struct Checks {
    passed: bool,
    said: String,
}

impl Checks {
    /// Whether nothing was checked, for want of RustSec's database.
    fn without_database(&self) -> bool {
        !self.passed && self.said.contains("advisory database")
    }

    /// What git said in the end, else the first line.
    fn cause(&self) -> &str {
        let mut lines = self.said.lines();
        let fatal = lines.find(|line| line.starts_with("fatal: "));
        fatal.or(self.said.lines().next()).unwrap_or_default()
    }
}

fn check(deny: &Path, manifest: &Path, which: &[&str], arguments: &Arguments) -> Result<Checks> {
    let mut command = Command::new(deny);
    command
        .current_dir(hpy_tests::checkout())
        .args(["--color", "never", "--config", "deny.toml"])
        .arg("--manifest-path")
        .arg(manifest);
    if arguments.offline {
        command.arg("--offline");
    }
    // An exception for one workspace is of no use in the others, which is no news.
    command.args(["check", "--allow", "license-exception-not-encountered"]);
    let output = command
        .args(which)
        .output()
        .with_context(|| format!("{} does not start", deny.display()))?;
    let mut said = String::new();
    for stream in [&output.stdout, &output.stderr] {
        let text = String::from_utf8_lossy(stream);
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            said += line;
            said.push('\n');
        }
    }
    Ok(Checks {
        passed: output.status.success(),
        said,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_that_cannot_be_fetched_is_told_from_a_defect() {
        let said = |passed, said: &str| Checks {
            passed,
            said: said.to_string(),
        };
        assert!(said(false, "failed to fetch advisory database https://x\n").without_database());
        let refused = "failed to fetch advisory database\nfatal: unable to access x\n";
        assert_eq!(said(false, refused).cause(), "fatal: unable to access x");
        assert!(!said(false, "error[vulnerability]: a crate\n").without_database());
        assert!(!said(true, "advisories ok\n").without_database());
    }
}
