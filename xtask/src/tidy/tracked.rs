//! The files that Git knows.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, ensure};

/// The files that any of Git's patterns matches, from the checkout's root.
///
/// # Errors
/// If Git does not tell them.
pub fn files(checkout: &Path, patterns: &[&str]) -> Result<Vec<String>> {
    let listed = Command::new("git")
        .arg("ls-files")
        .args(patterns)
        .current_dir(checkout)
        .output()?;
    ensure!(listed.status.success(), "git ls-files failed");
    let listed = String::from_utf8(listed.stdout)?;
    Ok(listed.lines().map(str::to_owned).collect())
}
