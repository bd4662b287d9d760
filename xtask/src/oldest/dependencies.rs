//! The oldest version of each dependency that its requirement allows: `serde = "1.0.203"`
//! means 1.0.203.
//!
//! What those depend on in turn is as new as can be: their requirements are for their authors to
//! keep true.

use anyhow::{Context, Result, bail};

use super::{check as compile, workspace};
use crate::bench::cargo;

/// Checks the crates with them.
///
/// # Errors
/// If a requirement is lower than what compiles, or than what another dependency needs.
pub fn check() -> Result<()> {
    let folder = workspace("dependencies")?;
    let output = cargo()
        .current_dir(&folder)
        .args(["update", "--quiet", "-Zdirect-minimal-versions"])
        // The option is not stable yet, and means the same in every cargo of late.
        .env("RUSTC_BOOTSTRAP", "1")
        .output()?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!(
            "the oldest dependencies do not go together: {}",
            said.trim()
        );
    }
    compile(&folder, |_| {}).context("with the oldest dependencies")?;
    println!("oldest dependencies: the published crates compile");
    Ok(())
}
