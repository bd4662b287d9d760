//! Copies of both packages, which can be changed and built without touching the checkout.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use super::super::commands::empty;
use super::Extension;

/// The packages in the scratch folder, at the same places as in the checkout: one may include files
/// of the other.
pub struct Copies {
    root: PathBuf,
    pub hpy: PathBuf,
    pub pyo3: PathBuf,
}

/// hpy comes from a path here. Users have it from a registry, whose crates are not compiled
/// incrementally.
const OWN_WORKSPACE: &str = "\n[workspace]\n\n[profile.dev.package.\"*\"]\nincremental = false\n";

/// Sections of a manifest that no build of the library needs.
const LEFT_OUT: [&str; 2] = ["[dev-dependencies]", "[lints]"];

impl Copies {
    /// Makes both, each with the versions that are locked in this repository.
    ///
    /// # Errors
    /// If a file cannot be read or written.
    pub fn new(extension: &Extension, root: &Path) -> Result<Self> {
        let pyo3 = Path::new("bench/peers/pyo3");
        let packages = [
            (Path::new(""), PathBuf::from(extension.folder)),
            (pyo3, pyo3.join(extension.name)),
        ];
        let checkout = hpy_tests::checkout();
        for (workspace, package) in &packages {
            let (from, to) = (checkout.join(package), root.join(package));
            let workspace = checkout.join(workspace);
            std::fs::create_dir_all(&to)
                .with_context(|| format!("cannot make {}", to.display()))?;
            let text = standalone(
                &read(&from.join("Cargo.toml"))?,
                &from,
                &read(&workspace.join("Cargo.toml"))?,
                &workspace,
            )?;
            write(&to.join("Cargo.toml"), &text)?;
            let lock = workspace.join("Cargo.lock");
            std::fs::copy(&lock, to.join("Cargo.lock"))
                .with_context(|| format!("cannot copy {}", lock.display()))?;
        }
        let copies = Copies {
            root: root.to_owned(),
            hpy: root.join(&packages[0].1),
            pyo3: root.join(&packages[1].1),
        };
        copies.write_sources()?;
        Ok(copies)
    }

    /// Writes the sources as they are in the checkout.
    ///
    /// # Errors
    /// If a file cannot be read or written.
    pub fn write_sources(&self) -> Result<()> {
        for package in [&self.hpy, &self.pyo3] {
            let original = hpy_tests::checkout().join(package.strip_prefix(&self.root)?);
            let to = package.join("src");
            empty(&to)?;
            copy_folder(&original.join("src"), &to)?;
        }
        Ok(())
    }

    /// Writes one file of a copy as it is in the checkout.
    ///
    /// # Errors
    /// If it cannot be read or written.
    pub fn restore(&self, package: &Path, path: &str) -> Result<()> {
        let original = hpy_tests::checkout().join(package.strip_prefix(&self.root)?);
        write(&package.join(path), &read(&original.join(path))?)
    }

    /// Changes a text in a file of a copy.
    ///
    /// # Errors
    /// If the file does not have it once.
    pub fn change(&self, package: &Path, path: &str, from: &str, to: &str) -> Result<()> {
        let file = package.join(path);
        let text = read(&file)?;
        let count = text.matches(from).count();
        ensure!(count == 1, "{} has {from:?} {count} times", file.display());
        write(&file, &text.replace(from, to))
    }
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    let entries =
        std::fs::read_dir(from).with_context(|| format!("cannot read {}", from.display()))?;
    for entry in entries {
        let entry = entry?;
        let to = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            std::fs::create_dir_all(&to)?;
            copy_folder(&entry.path(), &to)?;
        } else {
            // Not std::fs::copy: the time of the change has to be now.
            write(&to, &read(&entry.path())?)?;
        }
    }
    Ok(())
}

fn read(file: &Path) -> Result<String> {
    std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))
}

fn write(file: &Path, text: &str) -> Result<()> {
    std::fs::write(file, text).with_context(|| format!("cannot write {}", file.display()))
}

/// The manifest of a package with a workspace of its own: nothing is inherited, paths are absolute.
fn standalone(manifest: &str, package: &Path, inherited: &str, workspace: &Path) -> Result<String> {
    let mut text = String::new();
    let mut is_left_out = false;
    for line in manifest.lines() {
        if line.starts_with('[') {
            is_left_out = LEFT_OUT.contains(&line.trim());
        }
        if is_left_out {
            continue;
        }
        let (line, folder) = match line.split_once(".workspace = true") {
            Some((key, _)) => {
                let start = format!("{key} = ");
                let found = inherited.lines().find(|line| line.starts_with(&start));
                let found = found.with_context(|| format!("the workspace has no {key}"))?;
                (found, workspace)
            }
            None => (line, package),
        };
        text += &absolute(line, folder);
        text.push('\n');
    }
    if !text.contains("[workspace]") {
        text += OWN_WORKSPACE;
    }
    Ok(text)
}

/// `hpy = { path = "../../hpy" }` with a path that holds from everywhere.
fn absolute(line: &str, folder: &Path) -> String {
    let parts = line
        .split_once("path = \"")
        .and_then(|(before, rest)| Some((before, rest.split_once('"')?)));
    match parts {
        Some((before, (path, after))) if line.contains('{') => {
            let path = folder.join(path).display().to_string();
            format!("{before}path = {path:?}{after}")
        }
        _ => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_stands_alone() -> Result<()> {
        let manifest = "[package]\nname = \"x\"\nedition.workspace = true\n[lib]\n\
                        path = \"lib.rs\"\n[dependencies]\nhpy = { path = \"../hpy\" }\n\
                        y.workspace = true\n[dev-dependencies]\nz = \"1\"\n[features]\na = []\n";
        let inherited = "[workspace.package]\nedition = \"2024\"\n[workspace.dependencies]\n\
                         y = { path = \"y\", version = \"2\" }\n";
        let text = standalone(manifest, Path::new("/w/x"), inherited, Path::new("/w"))?;
        let start = "[package]\nname = \"x\"\nedition = \"2024\"\n[lib]\npath = \"lib.rs\"\n\
                     [dependencies]\nhpy = { path = \"/w/x/../hpy\" }\n\
                     y = { path = \"/w/y\", version = \"2\" }\n[features]\na = []\n\n[workspace]\n";
        assert!(text.starts_with(start), "{text}");
        Ok(())
    }
}
