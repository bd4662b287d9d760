//! Finds a project's files.

use std::fs;
use std::path::{Component, Path, PathBuf};

use crate::error::{Error, Result};

/// Whether a path cannot lead out of the folder that it begins in.
pub(crate) fn is_inside(path: &Path) -> bool {
    let mut parts = path.components();
    parts.all(|part| matches!(part, Component::Normal(_) | Component::CurDir))
}

/// The files below `folder` that match the glob, with their relative names, sorted.
pub(crate) fn globbed(folder: &Path, glob: &str) -> Result<Vec<(String, PathBuf)>> {
    if !is_inside(Path::new(glob)) {
        return Err(
            Error::new(format!("the glob {glob:?} leads out of the project"))
                .advise("write a path below the folder of pyproject.toml, without `..`"),
        );
    }
    let pattern = glob::Pattern::escape(&folder.to_string_lossy());
    let pattern = Path::new(&pattern).join(Path::new(glob).components().collect::<PathBuf>());
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
    // A link to a folder above would have no end.
    let real = folder.canonicalize().map_err(failed)?;
    let above = folder
        .ancestors()
        .skip(1)
        .take_while(|one| one.starts_with(root));
    if let Some(above) = above
        .filter(|one| one.canonicalize().is_ok_and(|one| one == real))
        .last()
    {
        return Err(Error::new(format!(
            "{} is a link to {}, in which it is",
            folder.display(),
            above.display()
        ))
        .advise("remove the link, or begin its name with a dot"));
    }
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

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn links_are_followed_but_not_in_circles() {
        let name = format!("cargo-hpy-links-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        fs::create_dir_all(folder.join("a/b")).unwrap();
        fs::write(folder.join("a/b/x.py"), "").unwrap();
        std::os::unix::fs::symlink("a", folder.join("same")).unwrap();
        let names: Vec<_> = below(&folder)
            .unwrap()
            .into_iter()
            .map(|one| one.0)
            .collect();
        assert_eq!(names, ["a/b/x.py", "same/b/x.py"]);
        std::os::unix::fs::symlink("..", folder.join("a/b/up")).unwrap();
        let error = below(&folder).unwrap_err().to_string();
        assert!(error.contains("b/up is a link to"), "{error}");
        fs::remove_dir_all(&folder).unwrap();
    }
}
