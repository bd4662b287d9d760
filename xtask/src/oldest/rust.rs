//! The oldest Rust: that of `rust-version`, or an older one that is told to know what came until
//! then.
//!
//! No registry has Rust 1.88. Debian trixie has 1.85, in which the rest is there already but not
//! stable: with exactly the features that became stable by 1.88 turned on, it refuses what 1.88
//! would refuse.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::{check as compile, workspace};
use crate::bench::output;
use crate::interpreters;
use crate::tools::Missing;

/// What `rust-version` says, as `1.88`.
const PROMISED: &str = env!("CARGO_PKG_RUST_VERSION");

/// The features that the crates use, with the minor version of Rust that made each stable.
const STABLE_SINCE: [(&str, u32); 5] = [
    ("const_copy_from_slice", 87),
    ("integer_sign_cast", 87),
    ("unsigned_is_multiple_of", 87),
    ("let_chains", 88),
    ("slice_as_chunks", 88),
];

/// Checks the crates with it.
///
/// # Errors
/// If they don't compile.
pub fn check(offline: bool, missing: &mut Missing) -> Result<()> {
    let rustc = match interpreters::rustc_of_debian(offline) {
        Ok(rustc) => rustc,
        Err(reason) => {
            missing.note(&format!("Rust {PROMISED} is not tried"), &reason);
            return Ok(());
        }
    };
    let (promised, found) = (minor(PROMISED)?, minor_of(&rustc)?);
    if found > promised {
        let reason = anyhow::anyhow!("Debian has 1.{found}");
        missing.note(&format!("Rust {PROMISED} is not tried"), &reason);
        return Ok(());
    }
    let features = features(found, promised).join(",");
    let folder = workspace("rust")?;
    compile(&folder, |command| {
        command
            .arg("--ignore-rust-version")
            .env("RUSTC", &rustc)
            .env("RUSTC_BOOTSTRAP", "1")
            .env(
                "RUSTFLAGS",
                format!("-Awarnings -Zcrate-attr=feature({features})"),
            );
    })
    .with_context(|| format!("with Rust 1.{found} and its features {features}"))?;
    println!("oldest Rust: the published crates compile with 1.{found} and {features}");
    Ok(())
}

/// What is stable in the promised version and was not in the one that was found.
fn features(found: u32, promised: u32) -> Vec<&'static str> {
    let fitting = STABLE_SINCE
        .iter()
        .filter(|(_, since)| (found + 1..=promised).contains(since));
    fitting.map(|(feature, _)| *feature).collect()
}

fn minor_of(rustc: &Path) -> Result<u32> {
    let said = output(Command::new(rustc).arg("-V"))?;
    let version = said.split_whitespace().nth(1).unwrap_or_default();
    minor(version).with_context(|| said.clone())
}

fn minor(version: &str) -> Result<u32> {
    let mut parts = version.split('.');
    match (parts.next(), parts.next().map(str::parse)) {
        (Some("1"), Some(Ok(minor))) => Ok(minor),
        _ => bail!("{version:?} is no version of Rust 1"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_promised_version_has_is_turned_on() {
        assert_eq!(features(85, 88).len(), STABLE_SINCE.len());
        assert_eq!(features(87, 88), ["let_chains", "slice_as_chunks"]);
        assert!(features(88, 88).is_empty());
        assert!(minor(PROMISED).is_ok());
        assert!(minor("2.0").is_err());
    }
}
