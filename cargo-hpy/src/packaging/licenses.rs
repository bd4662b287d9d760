//! The files with a project's licence.

use std::fs;
use std::path::{Path, PathBuf};

use super::files::globbed;
use crate::error::{Error, Result};

/// The beginnings of their usual names.
const NAMES: [&str; 5] = ["LICENSE", "LICENCE", "COPYING", "NOTICE", "AUTHORS"];

/// A file with a licence, and its name in the archive, which is relative.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LicenseFile {
    pub(crate) name: String,
    pub(crate) path: PathBuf,
}

/// The files that the globs name.
pub(crate) fn named(folder: &Path, globs: &[String]) -> Result<Vec<LicenseFile>> {
    let mut found = Vec::new();
    for glob in globs {
        let files = globbed(folder, glob)?;
        if files.is_empty() {
            return Err(Error::new(format!(
                "project.license-files: {glob:?} matches no file in {}",
                folder.display()
            ))
            .advise("correct the glob or add the file"));
        }
        found.extend(
            files
                .into_iter()
                .map(|(name, path)| LicenseFile { name, path }),
        );
    }
    found.sort_by(|one, other| one.name.cmp(&other.name));
    found.dedup();
    Ok(found)
}

/// The files with usual names in the first of the folders that has any.
pub(crate) fn usual(folders: &[&Path]) -> Vec<LicenseFile> {
    for folder in folders {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        let mut found: Vec<_> = entries
            .filter(|entry| entry.path().is_file())
            .filter_map(|entry| entry.file_name().into_string().ok())
            .filter(|name| NAMES.iter().any(|usual| name.starts_with(usual)))
            .map(|name| LicenseFile {
                path: folder.join(&name),
                name,
            })
            .collect();
        if !found.is_empty() {
            found.sort_by(|one, other| one.name.cmp(&other.name));
            return found;
        }
    }
    Vec::new()
}
