//! How the matrix links universal files for older systems: by the Zig in the cache of interpreters.

use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow};
use cargo_hpy::{GlibcLinker, GlibcVersion};

/// What universal files are linked for. Older is not possible with Rust, and nobody has older.
const GLIBC: GlibcVersion = GlibcVersion(2, 17);

/// The folder outside the checkout that keeps the interpreters: `HPY_CACHE`, else the user's folder
/// for caches. None if no variable says where that is.
pub fn cache() -> Option<PathBuf> {
    let variable = |name| std::env::var_os(name).filter(|value| !value.is_empty());
    choose(
        variable("HPY_CACHE").map(PathBuf::from),
        variable("XDG_CACHE_HOME").map(PathBuf::from),
        variable("HOME").map(PathBuf::from),
    )
}

/// Zig's executable in a folder where its Python package was put.
pub fn zig(folder: &Path) -> PathBuf {
    let name = if cfg!(windows) { "zig.exe" } else { "zig" };
    folder.join("ziglang").join(name)
}

/// The linker by that Zig. None where there is no other glibc to link for.
///
/// # Errors
/// If Zig does not work.
pub fn linker(zig: &Path) -> Result<Option<GlibcLinker>> {
    if !cfg!(target_env = "gnu") {
        return Ok(None);
    }
    GlibcLinker::with_zig(GLIBC, zig)
        .map(Some)
        .map_err(|error| anyhow!("{error}"))
}

fn choose(own: Option<PathBuf>, caches: Option<PathBuf>, home: Option<PathBuf>) -> Option<PathBuf> {
    own.or_else(|| caches.map(|folder| folder.join("hpy-interpreters")))
        .or_else(|| home.map(|folder| folder.join(".cache/hpy-interpreters")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_variable_wins() {
        let own = Some(PathBuf::from("a"));
        let caches = Some(PathBuf::from("b"));
        let home = Some(PathBuf::from("c"));
        assert_eq!(choose(own, caches.clone(), home.clone()), Some("a".into()));
        assert_eq!(
            choose(None, caches, home.clone()),
            Some("b/hpy-interpreters".into())
        );
        assert_eq!(
            choose(None, None, home),
            Some("c/.cache/hpy-interpreters".into())
        );
        assert_eq!(choose(None, None, None), None);
    }
}
