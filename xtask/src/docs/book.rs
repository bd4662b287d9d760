//! The book: `docs/book.toml`, built by mdbook.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::tools::{self, Missing};

/// Builds the book into the target folder.
///
/// # Errors
/// If mdbook fails or warns.
pub fn build(offline: bool, missing: &mut Missing) -> Result<()> {
    let mdbook = match tools::obtain(&tools::MDBOOK, offline) {
        Ok(mdbook) => mdbook,
        Err(reason) => {
            missing.note("the book is not built", &reason);
            return Ok(());
        }
    };
    let folder = book_folder();
    let output = Command::new(&mdbook)
        .args(["build", "--dest-dir"])
        .arg(&folder)
        .arg(hpy_tests::checkout().join("docs"))
        .output()
        .with_context(|| format!("{} does not start", mdbook.display()))?;
    let said = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() || complains(&said) {
        bail!("mdbook: {}", said.trim());
    }
    println!("book: {}", folder.join("index.html").display());
    Ok(())
}

fn book_folder() -> PathBuf {
    hpy_tests::target().join("book")
}

/// mdbook ends with 0 after warnings.
fn complains(said: &str) -> bool {
    said.lines().any(|line| {
        let line = line.trim_start();
        line.starts_with("WARN") || line.starts_with("ERROR")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_warning_is_a_failure() {
        assert!(!complains(" INFO Book building has started\n INFO Done\n"));
        assert!(complains(" INFO Started\n WARN unclosed HTML tag\n"));
    }
}
