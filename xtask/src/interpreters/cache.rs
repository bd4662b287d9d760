//! The folder outside the checkout that keeps what was provided.
//!
//! ```text
//! bin/NAME            starts the interpreter of that name, from anywhere
//! roots/SUITE/        a Debian root
//! testing/py310/      pytest, hypothesis and their parts, to be put on PYTHONPATH
//! numpy/NAME/         numpy for the interpreter of that name, to be put on PYTHONPATH
//! arrow/NAME/         pyarrow and polars, likewise, for two of them
//! greenlet/NAME/      greenlet, likewise
//! upstream/NAME/      a virtual environment with PyPI's hpy
//! ziglang/            the linker for older systems
//! ```

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use hpy_tests::systems;

/// The cache's root.
#[derive(Debug, Clone)]
pub struct Cache(PathBuf);

impl Cache {
    /// `HPY_CACHE`, else the folder for caches of the user.
    ///
    /// # Errors
    /// If none of the variables is set that say where that is, or the folder cannot be made.
    pub fn open() -> Result<Cache> {
        let folder =
            systems::cache().context("no folder for the interpreters: set HPY_CACHE to one")?;
        std::fs::create_dir_all(&folder)
            .with_context(|| format!("cannot make {}", folder.display()))?;
        let folder = folder
            .canonicalize()
            .with_context(|| format!("cannot read {}", folder.display()))?;
        Ok(Cache(folder))
    }

    /// A folder of another name beside this one.
    ///
    /// # Errors
    /// If it cannot be made.
    pub fn beside(other: &Cache, name: &str) -> Result<Cache> {
        let folder = other.0.with_file_name(name);
        std::fs::create_dir_all(&folder)
            .with_context(|| format!("cannot make {}", folder.display()))?;
        Ok(Cache(folder))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// `bin/NAME`.
    pub fn program(&self, name: &str) -> PathBuf {
        self.0.join("bin").join(name)
    }

    /// Makes `RELATIVE` by `fill`, once: it is filled under another name and moved when complete,
    /// so an interrupted attempt leaves nothing that looks whole, and two attempts at once do not
    /// mix.
    ///
    /// # Errors
    /// Those of `fill`, and of making and moving the folder.
    pub fn once(&self, relative: &str, fill: impl FnOnce(&Path) -> Result<()>) -> Result<PathBuf> {
        let folder = self.0.join(relative);
        if folder.is_dir() {
            return Ok(folder);
        }
        let attempt = self
            .0
            .join(format!("{relative}.attempt-{}", std::process::id()));
        std::fs::create_dir_all(&attempt)
            .with_context(|| format!("cannot make {}", attempt.display()))?;
        let moved = fill(&attempt).and_then(|()| match std::fs::rename(&attempt, &folder) {
            Err(_) if folder.is_dir() => Ok(()),
            other => other.with_context(|| format!("cannot make {}", folder.display())),
        });
        if attempt.exists() {
            // What is left of it is only waste: failing to remove it changes nothing.
            let _ = std::fs::remove_dir_all(&attempt);
        }
        moved.map(|()| folder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_attempt_leaves_nothing() {
        let folder = std::env::temp_dir().join(format!("hpy-cache-test-{}", std::process::id()));
        let cache = Cache(folder.clone());
        let failed = cache.once("x/y", |attempt| {
            std::fs::write(attempt.join("half"), "")?;
            anyhow::bail!("no network")
        });
        assert!(failed.is_err());
        assert_eq!(std::fs::read_dir(folder.join("x")).unwrap().count(), 0);

        let made = cache
            .once("x/y", |attempt| {
                Ok(std::fs::write(attempt.join("whole"), "")?)
            })
            .unwrap();
        assert!(made.join("whole").is_file());
        let again = cache
            .once("x/y", |_| anyhow::bail!("must not be called"))
            .unwrap();
        assert_eq!(made, again);
        std::fs::remove_dir_all(folder).unwrap();
    }
}
