//! How an extension's Python test is found, built for and run: by `cargo test` on this machine's
//! Python, and by `cargo xtask matrix` on all the others.

pub mod environment;
pub mod headers;
pub mod host;
pub mod outcome;
pub mod plan;
pub mod python_package;
pub mod report;
pub mod run;
pub mod sources;
pub mod systems;
pub mod topics;
pub mod whole_api;

use std::path::{Path, PathBuf};
use std::process::Command;

/// The checkout's root.
pub fn checkout() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap_or(Path::new("."))
        .to_path_buf()
}

/// Cargo's target folder, as the environment has it.
pub fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => checkout().join(folder),
        None => checkout().join("target"),
    }
}

/// What a command printed.
///
/// # Panics
/// If the command fails: with all that it said.
pub fn printed(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "{command:?}: {}\n{printed}{}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    printed
}
