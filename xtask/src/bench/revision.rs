//! An earlier revision of the peers, to measure old and new in one process.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use super::commands::{output, scratch};

/// The peers' folder of a revision, in a checkout of its own.
///
/// # Errors
/// If git does not know the revision.
pub fn peers_folder(revision: &str) -> Result<PathBuf> {
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        command.arg("-C").arg(hpy_tests::checkout());
        output(command.args(arguments))
    };
    let commit = git(&["rev-parse", "--verify", &format!("{revision}^{{commit}}")])
        .with_context(|| format!("{revision:?} is no commit, branch or tag of this repository"))?;
    let checkout = scratch().join("before").join(&commit);
    if !checkout.join("Cargo.toml").is_file() {
        // What an emptied target folder had.
        git(&["worktree", "prune"])?;
        let path = checkout.display().to_string();
        git(&["worktree", "add", "--detach", "--force", &path, &commit])?;
    }
    Ok(checkout.join("bench/peers"))
}
