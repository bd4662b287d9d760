//! Removes the paths of this machine from a library: two builds in two folders are the same.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::cargo_metadata::Graph;
use crate::error::Result;
use crate::workspace::Workspace;

/// The folders that paths in the library can begin with, and what stands there instead. The last
/// one that fits applies, so the general ones come first.
pub(crate) fn folders(workspace: &Workspace, graph: &Graph) -> Result<Vec<(PathBuf, String)>> {
    let mut folders = Vec::new();
    if let Some(home) = home() {
        folders.push((home, "~".to_owned()));
    }
    if let Some(cargo) = cargo_home() {
        folders.push((cargo, "cargo".to_owned()));
    }
    // Of the standard library's generic functions. Without its sources, rustc writes the same.
    if let Some((sysroot, commit)) = toolchain() {
        folders.push((
            sysroot.join("lib/rustlib/src/rust"),
            format!("/rustc/{commit}"),
        ));
    }
    for one in graph.compiled() {
        let name = format!("{}-{}", one.name, one.version);
        folders.extend(of_crate(one.folder(), &name, &workspace.root));
    }
    // The root of a workspace may contain the folders of its packages, or be one of them.
    let root = folders
        .iter()
        .position(|(folder, _)| *folder == workspace.root);
    match root {
        Some(index) => folders[index].1 = ".".into(),
        None => folders.push((workspace.root.clone(), "workspace".into())),
    }
    // Build scripts write into it, and it may be anywhere.
    folders.push((workspace.target.clone(), "target".into()));
    // Stable: folders of one length keep their order.
    folders.sort_by_key(|(folder, _)| folder.as_os_str().len());
    Ok(folders)
}

/// Cargo gives rustc the path of a workspace's own crates relative to the workspace.
fn of_crate(folder: &Path, name: &str, root: &Path) -> Vec<(PathBuf, String)> {
    let mut folders = vec![(folder.to_path_buf(), name.to_owned())];
    match folder.strip_prefix(root) {
        Ok(within) if within != Path::new("") => folders.push((within.into(), name.to_owned())),
        _ => {}
    }
    folders
}

/// The paths that must not be in a library for others.
pub(crate) fn private_paths(workspace: &Workspace) -> Vec<PathBuf> {
    let mut paths = vec![workspace.root.clone(), workspace.target.clone()];
    paths.extend(home().filter(|home| home.components().count() > 1));
    paths.extend(cargo_home());
    paths
}

/// The first of the paths that occurs in `binary`.
pub(crate) fn found_in<'path>(binary: &[u8], paths: &'path [PathBuf]) -> Option<&'path Path> {
    paths.iter().map(PathBuf::as_path).find(|path| {
        let mut wanted = path.to_string_lossy().into_owned().into_bytes();
        wanted.push(b'/');
        binary.windows(wanted.len()).any(|bytes| bytes == wanted)
    })
}

fn home() -> Option<PathBuf> {
    env::home_dir().filter(|home| home.parent().is_some())
}

fn cargo_home() -> Option<PathBuf> {
    let set = env::var_os("CARGO_HOME").map(PathBuf::from);
    set.or_else(|| Some(home()?.join(".cargo")))
}

/// rustc's own folder, and the commit that it was built from.
fn toolchain() -> Option<(PathBuf, String)> {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let ask = |arguments: &[&str]| {
        let output = Command::new(&rustc).args(arguments).output().ok()?;
        String::from_utf8(output.stdout).ok()
    };
    let sysroot = ask(&["--print", "sysroot"])?;
    let version = ask(&["-vV"])?;
    let commit = version
        .lines()
        .find_map(|line| line.strip_prefix("commit-hash: "))?;
    Some((sysroot.trim().into(), commit.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crates_of_the_workspace_are_known_by_relative_paths_too() {
        let places = |folder: &str| {
            let folders = of_crate(Path::new(folder), "low-1.0.0", Path::new("/src"));
            let paths = folders.into_iter().map(|(path, _)| path);
            paths.collect::<Vec<_>>()
        };
        let paths = |paths: &[&str]| paths.iter().map(PathBuf::from).collect::<Vec<_>>();
        assert_eq!(
            places("/src/crates/low"),
            paths(&["/src/crates/low", "crates/low"])
        );
        assert_eq!(places("/src"), paths(&["/src"]));
        assert_eq!(places("/elsewhere/low"), paths(&["/elsewhere/low"]));
    }
}
