//! Finds a project's files.

use std::fs;
use std::path::{Component, Path, PathBuf};

use crate::error::{Error, Result};

/// The files below `folder` that match the glob, with their relative names, sorted.
pub(crate) fn globbed(folder: &Path, glob: &str) -> Result<Vec<(String, PathBuf)>> {
    let relative = Path::new(glob).components();
    let mut inside = relative.clone();
    if !inside.all(|part| matches!(part, Component::Normal(_) | Component::CurDir)) {
        return Err(
            Error::new(format!("the glob {glob:?} leads out of the project"))
                .advise("write a path below the folder of pyproject.toml, without `..`"),
        );
    }
    let pattern = glob::Pattern::escape(&folder.to_string_lossy());
    let pattern = Path::new(&pattern).join(relative.collect::<PathBuf>());
    let invalid = |error| Error::new(format!("{glob:?} is not a glob: {error}"));
    let paths = glob::glob(&pattern.to_string_lossy()).map_err(invalid)?;
    let mut found = Vec::new();
    for path in paths.flatten() {
        if path.is_file() {
            found.push((relative_name(folder, &path)?, path));
        }
    }
    found.sort();
    Ok(found)
}

/// All files below `folder`, with their relative names, sorted. What interpreters and builds leave
/// there is passed over.
pub(crate) fn below(folder: &Path) -> Result<Vec<(String, PathBuf)>> {
    let mut found = Vec::new();
    walk(folder, folder, &mut found)?;
    found.sort();
    Ok(found)
}

fn walk(root: &Path, folder: &Path, found: &mut Vec<(String, PathBuf)>) -> Result<()> {
    let failed = |error| Error::io("list", folder, error);
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if is_left_behind(&path) {
            continue;
        }
        if path.is_dir() {
            walk(root, &path, found)?;
        } else if path.is_file() {
            found.push((relative_name(root, &path)?, path));
        }
    }
    Ok(())
}

/// Compiled Python, built extensions and hidden files.
fn is_left_behind(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let is_native = name.ends_with(".so") || name.ends_with(".pyd");
    name == "__pycache__"
        || name.starts_with('.')
        || name.ends_with(".pyc")
        || (is_native
            && (name.contains(".cpython-") || name.contains(".hpy0") || name.contains(".cp3")))
}

/// The name of a file in an archive: with slashes on every system.
pub(crate) fn relative_name(folder: &Path, path: &Path) -> Result<String> {
    let relative = path.strip_prefix(folder).unwrap_or(path);
    let parts: Option<Vec<_>> = relative
        .components()
        .filter(|part| *part != Component::CurDir)
        .map(|part| part.as_os_str().to_str())
        .collect();
    let parts = parts.ok_or_else(|| {
        Error::new(format!("the name of {} is not UTF-8", path.display())).advise("rename the file")
    })?;
    Ok(parts.join("/"))
}

/// Reads a file, with an error that names it.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(|error| Error::io("read", path, error))
}
