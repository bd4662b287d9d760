//! Source archives that build where no checkout is: crates that are folders of this machine come
//! with it.

mod crates;
mod manifest;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use flate2::{Compression, GzBuilder};

use self::crates::{PathCrate, path_crates};
use super::archive::source_date;
use super::files;
use super::project::Project;
use super::version;
use super::wheel::write;
use crate::error::{Error, Result};
use crate::workspace::{cargo, no_cargo};

/// What cargo lists and does not have as a file, or what is rewritten here.
const GENERATED: [&str; 4] = [
    ".cargo_vcs_info.json",
    "Cargo.lock",
    "Cargo.toml",
    "Cargo.toml.orig",
];

/// The oldest date that a wheel's format has, for archives without `SOURCE_DATE_EPOCH`.
const DATE: u64 = 315_532_800;

/// Makes a source archive and returns its path.
pub(crate) fn sdist(folder: &Path, out: &Path) -> Result<PathBuf> {
    let project = Project::read(folder)?;
    if project.folder != project.package.folder() {
        return Err(Error::new(format!(
            "a source archive needs Cargo.toml beside pyproject.toml, and it is {}",
            project.package.manifest.display()
        ))
        .advise("move the two files into one folder, and remove tool.hpy.manifest-path"));
    }
    let crates = path_crates(&project)?;
    let mut contents = BTreeMap::new();
    add_package(&project.folder, "", out, &mut contents)?;
    for included in &project.options.include {
        for (name, path) in files::globbed(&project.folder, included)? {
            contents.insert(name, files::read(&path)?);
        }
    }
    for license in &project.license_files {
        contents.insert(license.name.clone(), files::read(&license.path)?);
    }
    let root = PathCrate::root(&project);
    contents.insert(
        "Cargo.toml".into(),
        manifest::rewritten(&root, &crates)?.into_bytes(),
    );
    for one in &crates {
        let place = one.place();
        add_package(&one.folder, &format!("{place}/"), out, &mut contents)?;
        let text = manifest::rewritten(one, &crates)?;
        contents.insert(format!("{place}/Cargo.toml"), text.into_bytes());
    }
    let lock = project.workspace.root.join("Cargo.lock");
    if lock.is_file() {
        contents.insert("Cargo.lock".into(), files::read(&lock)?);
    }
    contents.insert("PKG-INFO".into(), project.metadata.text().into_bytes());

    let metadata = &project.metadata;
    let stem = format!(
        "{}-{}",
        version::file_name(&metadata.name),
        metadata.version
    );
    let path = out.join(format!("{stem}.tar.gz"));
    let archive = archive(&stem, &contents).map_err(|error| Error::io("write", &path, error))?;
    write(&path, &archive)?;
    Ok(path)
}

/// Adds the files that cargo would publish: those that are not ignored.
fn add_package(
    folder: &Path,
    place: &str,
    out: &Path,
    contents: &mut BTreeMap<String, Vec<u8>>,
) -> Result<()> {
    let output = cargo()
        .args([
            "package",
            "--list",
            "--allow-dirty",
            "--quiet",
            "--manifest-path",
        ])
        .arg(folder.join("Cargo.toml"))
        .stderr(Stdio::inherit())
        .output()
        .map_err(no_cargo)?;
    if !output.status.success() {
        return Err(Error::new(format!(
            "cargo cannot list the files of {}",
            folder.display()
        ))
        .advise("see cargo's message above")
        .with_code(output.status.code()));
    }
    let out = fs::canonicalize(out).ok();
    let listed = String::from_utf8_lossy(&output.stdout).replace('\\', "/");
    for name in listed.lines().filter(|name| !GENERATED.contains(name)) {
        let path = folder.join(name);
        // Earlier wheels and archives.
        let is_output =
            name.starts_with("dist/") || out.as_ref().is_some_and(|out| path.starts_with(out));
        if path.is_file() && !is_output {
            contents.insert(format!("{place}{name}"), files::read(&path)?);
        }
    }
    Ok(())
}

/// The same bytes for the same files.
fn archive(stem: &str, contents: &BTreeMap<String, Vec<u8>>) -> std::io::Result<Vec<u8>> {
    let date = source_date().unwrap_or(DATE);
    let compressed = GzBuilder::new().write(Vec::new(), Compression::best());
    let mut archive = tar::Builder::new(compressed);
    for (name, content) in contents {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(if content.starts_with(b"#!") {
            0o755
        } else {
            0o644
        });
        header.set_mtime(date);
        archive.append_data(&mut header, format!("{stem}/{name}"), content.as_slice())?;
    }
    archive.into_inner()?.finish()
}
