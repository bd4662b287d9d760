//! Runs the tools that provide interpreters, quietly, keeping what they said for the error.

use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// Runs to the end; the error has the last lines that the tool said.
///
/// # Errors
/// If it does not start or exits with anything but 0.
pub fn run(command: &mut Command) -> Result<String> {
    run_quoting(command, |said, complaint| {
        let complains = !complaint.trim().is_empty();
        last_lines(if complains { complaint } else { said }, 3)
    })
}

/// Runs to the end; the error has what `quote` makes of standard output and standard error.
///
/// # Errors
/// If it does not start or exits with anything but 0.
pub fn run_quoting(
    command: &mut Command,
    quote: impl FnOnce(&str, &str) -> String,
) -> Result<String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("{program} does not start"))?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    if !output.status.success() {
        let complaint = String::from_utf8_lossy(&output.stderr);
        bail!(
            "{program} failed ({}): {}",
            output.status,
            quote(&said, &complaint)
        );
    }
    Ok(said)
}

/// Makes sure that a tool is on PATH; as root it is installed from the Debian package of that name.
///
/// # Errors
/// If it is missing and cannot be installed.
pub fn need(tool: &str) -> Result<()> {
    need_package(tool, tool)
}

/// Makes sure that a tool is on PATH; as root it is installed from a Debian package.
///
/// # Errors
/// If it is missing and cannot be installed.
pub fn need_package(tool: &str, package: &str) -> Result<()> {
    if on_path(tool) {
        return Ok(());
    }
    install(&[package])
}

/// Makes sure that Debian packages are installed; as root they are.
///
/// # Errors
/// If one is missing and cannot be installed.
pub fn need_packages(packages: &[&str]) -> Result<()> {
    let missing: Vec<_> = packages
        .iter()
        .copied()
        .filter(|package| !is_installed(package))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    install(&missing)
}

fn install(packages: &[&str]) -> Result<()> {
    let names = packages.join(", ");
    if !is_root() || !on_path("apt-get") {
        bail!("{names} needed: install that, or run this as root on a Debian");
    }
    run(Command::new("apt-get").arg("update"))
        .with_context(|| format!("cannot install {names}"))?;
    run(Command::new("apt-get")
        .args(["install", "-y", "--no-install-recommends"])
        .args(packages)
        .env("DEBIAN_FRONTEND", "noninteractive"))?;
    Ok(())
}

fn is_installed(package: &str) -> bool {
    run(Command::new("dpkg-query").args(["--show", "--showformat=${db:Status-Status}", package]))
        .is_ok_and(|status| status == "installed")
}

pub fn is_root() -> bool {
    run(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

fn on_path(tool: &str) -> bool {
    std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())
        .any(|folder| folder.join(tool).is_file())
}

fn last_lines(text: &str, count: usize) -> String {
    let lines: Vec<_> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    lines[lines.len().saturating_sub(count)..].join(" | ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_error_is_the_end_of_what_was_said() {
        assert_eq!(last_lines("a\n\n b\nc \nd\n", 2), "c | d");
        assert_eq!(last_lines("", 2), "");
    }

    #[test]
    fn a_failing_tool_is_quoted() {
        let error = run(Command::new("sh").args(["-c", "echo early >&2; echo why >&2; exit 3"]))
            .unwrap_err();
        assert!(error.to_string().contains("why"), "{error}");
    }
}
