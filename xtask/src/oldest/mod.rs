//! `cargo xtask oldest`: the published crates with the oldest versions that they promise to work
//! with: of what they depend on, and of Rust.

mod dependencies;
mod rust;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};

use crate::bench::{cargo, output};
use crate::tools::Missing;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Use no network: an old Rust that is not in the cache is missing.
    #[arg(long)]
    offline: bool,
    /// Fail if no old Rust can be had.
    #[arg(long)]
    require_all: bool,
}

/// The crates that others depend on or install.
const PUBLISHED: [&str; 6] = [
    "hpy-sys",
    "hpy-core",
    "hpy-macros",
    "hpy",
    "hpy-runtime",
    "cargo-hpy",
];

/// All that depends on another crate.
const FEATURES: &str = "hpy/anyhow,hpy/arrow,hpy/bigdecimal,hpy/bytes,hpy/chrono,hpy/chrono-tz,\
                        hpy/dlpack,hpy/either,hpy/embed,hpy/eyre,hpy/hashbrown,hpy/indexmap,\
                        hpy/jiff,hpy/log,hpy/ndarray,\
                        hpy/num-bigint,hpy/num-complex,hpy/num-rational,hpy/numpy,\
                        hpy/ordered-float,hpy/rust_decimal,\
                        hpy/serde,hpy/smallvec,hpy/time,hpy/tokio,hpy/tracing,hpy/uuid";

/// Runs the task.
///
/// # Errors
/// If a version does not do, or the files cannot be copied.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let mut missing = Missing::default();
    dependencies::check()?;
    rust::check(arguments.offline, &mut missing)?;
    let failed = missing.fails(arguments.require_all);
    Ok(ExitCode::from(u8::from(failed)))
}

/// A copy of the published crates, in a workspace without the tests and examples, whose own needs
/// are newer.
fn workspace(name: &str) -> Result<PathBuf> {
    let checkout = hpy_tests::checkout();
    let folder = hpy_tests::target().join("oldest").join(name);
    let listed = output(
        Command::new("git")
            .args(["ls-files", "--", "Cargo.lock"])
            .args(PUBLISHED)
            // Their tests need it, and cargo reads its manifest.
            .arg("hpy-mock")
            .current_dir(&checkout),
    )?;
    if folder.exists() {
        std::fs::remove_dir_all(&folder)
            .with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    for file in listed.lines() {
        // One that was removed and not committed yet is listed too.
        if checkout.join(file).is_file() {
            copy(&checkout.join(file), &folder.join(file))?;
        }
    }
    let manifest = std::fs::read_to_string(checkout.join("Cargo.toml"))?;
    let manifest = with_members(&manifest).context("Cargo.toml has no list of members")?;
    std::fs::write(folder.join("Cargo.toml"), manifest)?;
    Ok(folder)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    let folder = to.parent().unwrap_or(to);
    std::fs::create_dir_all(folder)
        .and_then(|()| std::fs::copy(from, to))
        .with_context(|| format!("cannot write {}", to.display()))?;
    Ok(())
}

/// The workspace's manifest with the published crates alone as members, and without profiles.
fn with_members(manifest: &str) -> Option<String> {
    let (before, after) = manifest.split_once("\nmembers = [")?;
    let (_, after) = after.split_once(']')?;
    let members = PUBLISHED.map(|name| format!("{name:?}")).join(", ");
    let mut text = format!("{before}\nmembers = [{members}]");
    let mut kept = true;
    for line in after.lines() {
        if line.starts_with('[') {
            kept = !line.starts_with("[profile");
        }
        if kept && !line.starts_with("exclude = ") {
            text += line;
            text.push('\n');
        }
    }
    Some(text)
}

/// Checks the crates in a copy, with a target folder for all copies of that name.
fn check(workspace: &Path, set: impl FnOnce(&mut Command)) -> Result<()> {
    let mut command = cargo();
    command
        .current_dir(workspace)
        .args(["check", "--quiet", "--features", FEATURES])
        .args(["--features", "hpy/universal"])
        .args(["--package", "hpy", "--package", "cargo-hpy"])
        .arg("--target-dir")
        .arg(workspace.with_extension("target"));
    set(&mut command);
    if !command.status()?.success() {
        bail!("the published crates do not compile");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_workspace_is_that_of_the_published_crates() {
        let manifest = "[workspace]\nresolver = \"3\"\nmembers = [\"a\",\n  \"b\"]\n\
                        exclude = [\"c\"]\n\n\
                        [workspace.package]\nedition = \"2024\"\n\n[profile.dev]\ndebug = 1\n\n\
                        [workspace.lints.rust]\nx = 1\n";
        let changed = with_members(manifest).unwrap();
        assert!(
            changed.contains("members = [\"hpy-sys\", \"hpy-core\""),
            "{changed}"
        );
        for gone in ["exclude", "profile", "debug", "\"b\""] {
            assert!(!changed.contains(gone), "{changed}");
        }
        for kept in [
            "resolver",
            "edition = \"2024\"",
            "[workspace.lints.rust]\nx = 1",
        ] {
            assert!(changed.contains(kept), "{changed}");
        }
        assert_eq!(with_members("[package]\n"), None);
    }

    #[test]
    fn what_is_published_says_nothing_else() {
        for name in PUBLISHED {
            let file = hpy_tests::checkout().join(name).join("Cargo.toml");
            let manifest = std::fs::read_to_string(file).unwrap();
            assert!(!manifest.contains("publish = false"), "{name}");
        }
    }
}
