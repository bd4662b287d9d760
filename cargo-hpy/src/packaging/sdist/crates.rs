//! The crates that a source archive carries.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::super::project::Project;
use crate::error::{Error, Result};
use crate::workspace::{Package, Workspace};

/// A crate that is a folder of this machine.
pub(super) struct PathCrate {
    pub(super) name: String,
    pub(super) folder: PathBuf,
    /// The manifest of its workspace.
    pub(super) workspace: PathBuf,
    pub(super) is_root: bool,
}

impl PathCrate {
    pub(super) fn root(project: &Project) -> Self {
        PathCrate {
            is_root: true,
            ..Self::of(&project.package, &project.workspace)
        }
    }

    fn of(package: &Package, workspace: &Workspace) -> Self {
        PathCrate {
            name: package.name.clone(),
            folder: package.folder().to_path_buf(),
            workspace: workspace.root.join("Cargo.toml"),
            is_root: false,
        }
    }

    /// Its folder in the archive.
    pub(super) fn place(&self) -> String {
        format!("crates/{}", self.name)
    }
}

/// All crates that the manifests name by a path, whether or not their features are on: cargo reads
/// the manifests of all.
pub(super) fn path_crates(project: &Project) -> Result<Vec<PathCrate>> {
    let mut found: Vec<PathCrate> = Vec::new();
    let mut open = folders(&project.package.facts);
    if let Some(tool) = tool(&open) {
        open.push(tool);
    }
    while let Some(folder) = open.pop() {
        let folder = folder
            .canonicalize()
            .map_err(|error| Error::io("find the crate in", &folder, error))?;
        if folder == project.folder || found.iter().any(|one| one.folder == folder) {
            continue;
        }
        let manifest = folder.join("Cargo.toml");
        let workspace = Workspace::read(&manifest)?;
        let package = workspace.select(&manifest, &[])?.remove(0);
        if let Some(other) = found.iter().find(|one| one.name == package.name) {
            return Err(Error::new(format!(
                "two crates are named {}: {} and {}",
                package.name,
                other.folder.display(),
                folder.display()
            ))
            .advise("a source archive can carry one of them; rename the other"));
        }
        open.extend(folders(&package.facts));
        found.push(PathCrate::of(&package, &workspace));
    }
    found.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(found)
}

/// The folders of the dependencies with a path, apart from those of tests.
fn folders(facts: &Value) -> Vec<PathBuf> {
    let dependencies = facts["dependencies"].as_array().into_iter().flatten();
    dependencies
        .filter(|one| one["kind"] != "dev")
        .filter_map(|one| one["path"].as_str().map(PathBuf::from))
        .collect()
}

/// This tool's crate, if hpy comes from a checkout: without it, the archive could not be built.
fn tool(folders: &[PathBuf]) -> Option<PathBuf> {
    let is_hpy = |folder: &&PathBuf| folder.file_name().is_some_and(|name| name == "hpy");
    let hpy = folders.iter().find(is_hpy)?;
    let tool = hpy.parent().unwrap_or(Path::new("/")).join("cargo-hpy");
    tool.join("Cargo.toml").is_file().then_some(tool)
}
