//! `cargo xtask surface`: compares the public items of `hpy` with `docs/design/surface.txt`.
//!
//! They come from rustdoc's JSON, which only a nightly compiler writes. Where there is none, the
//! task says so and passes.

mod items;
mod types;

use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::tools::Missing;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Write the file anew instead of comparing it.
    #[arg(long)]
    write: bool,
    /// Fail if there is no nightly compiler.
    #[arg(long)]
    require_all: bool,
}

const FILE: &str = "docs/design/surface.txt";

/// The universal ABI needs no Python, and both ABIs have the same items.
const FEATURES: &str = "universal,serde";

/// Runs the task. A difference between the file and the crate fails it.
///
/// # Errors
/// If rustdoc fails, or a file cannot be read or written.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let mut missing = Missing::default();
    if let Err(reason) = nightly() {
        missing.note("the public items are not compared", &reason);
        return Ok(ExitCode::from(u8::from(
            missing.fails(arguments.require_all),
        )));
    }
    let checkout = hpy_tests::checkout();
    let (core, face) = (
        described(&checkout, "hpy-core")?,
        described(&checkout, "hpy")?,
    );
    let lines = items::lines(&core, &face);
    let file = checkout.join(FILE);
    if arguments.write {
        fs::write(&file, lines.join("\n") + "\n")?;
        println!("surface: {} lines", lines.len());
        return Ok(ExitCode::SUCCESS);
    }
    let recorded = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
    let differences = differences(&recorded, &lines);
    for difference in &differences {
        eprintln!("{difference}");
    }
    println!(
        "surface: {} lines, {} differences",
        lines.len(),
        differences.len()
    );
    if !differences.is_empty() {
        eprintln!("error: if the change is meant, run `cargo xtask surface --write`");
    }
    Ok(ExitCode::from(u8::from(!differences.is_empty())))
}

/// Lines of the file that are gone, and new ones, as a diff shows them.
fn differences(recorded: &str, lines: &[String]) -> Vec<String> {
    let recorded: Vec<&str> = recorded.lines().collect();
    let gone = recorded
        .iter()
        .filter(|line| !lines.iter().any(|now| now == *line))
        .map(|line| format!("-{line}"));
    let new = lines
        .iter()
        .filter(|line| !recorded.contains(&line.as_str()))
        .map(|line| format!("+{line}"));
    gone.chain(new).collect()
}

fn nightly() -> Result<()> {
    let output = Command::new("cargo")
        .args(["+nightly", "--version"])
        .output()?;
    if !output.status.success() {
        bail!("no nightly compiler");
    }
    Ok(())
}

/// Rustdoc's JSON of a crate of the workspace.
fn described(checkout: &Path, package: &str) -> Result<Value> {
    // A folder of its own: another compiler than the workspace's builds there.
    let target = checkout.join("target/surface");
    let status = Command::new("cargo")
        .current_dir(checkout)
        .args(["+nightly", "rustdoc", "--quiet", "--no-default-features"])
        .args(["--package", package, "--features", FEATURES])
        .arg("--target-dir")
        .arg(&target)
        .args(["--", "-Z", "unstable-options", "--output-format", "json"])
        // Links to hidden items are the business of `cargo xtask docs`.
        .args(["--cap-lints", "allow"])
        // Cargo, which runs this task, has set the workspace's compiler.
        .env_remove("RUSTC")
        .env_remove("RUSTDOC")
        .env_remove("RUSTUP_TOOLCHAIN")
        .status()?;
    if !status.success() {
        bail!("rustdoc failed for {package}");
    }
    let file = target.join("doc").join(package.replace('-', "_") + ".json");
    let text = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
    Ok(serde_json::from_str(&text)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_gone_and_what_is_new_is_told() {
        let now = ["fn a()", "fn c()"].map(String::from);
        assert_eq!(
            differences("fn a()\nfn b()\n", &now),
            ["-fn b()", "+fn c()"]
        );
        assert!(differences("fn a()\nfn c()\n", &now).is_empty());
    }
}
