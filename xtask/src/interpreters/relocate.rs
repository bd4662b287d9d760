//! Makes a program of a Debian root run on its host, without chroot, mounts or rights.
//!
//! A copy of the program gets the root's libraries (as RPATH, which, unlike RUNPATH, also serves
//! what those libraries and extension modules need) and the newer C library of the two, with its
//! loader: extensions built on the host must find the C library they were linked to. Python finds
//! its standard library from where its executable lies. So paths, environment, `sys.executable` and
//! processes that it starts are as with any interpreter of the host.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::command::{need, run};

/// The path of the copy, which lies beside the program.
///
/// # Errors
/// If patchelf cannot be had or does not understand the program.
pub fn onto_host(root: &Path, program: &Path) -> Result<PathBuf> {
    let program = program
        .canonicalize()
        .with_context(|| format!("{} is a dangling link", program.display()))?;
    let copy = copy_of(&program);
    if copy.exists() {
        return Ok(copy);
    }
    need("patchelf")?;
    let attempt = copy.with_extension(format!("attempt-{}", std::process::id()));
    std::fs::copy(&program, &attempt)
        .with_context(|| format!("cannot write {}", attempt.display()))?;
    let mut patch = Command::new("patchelf");
    let libraries = root.join(format!("usr/lib/{}-linux-gnu", std::env::consts::ARCH));
    if glibc_of_host()? > glibc_of_root(root)? {
        let without_glibc = link_all_but_glibc(root, &libraries)?;
        patch
            .arg("--force-rpath")
            .arg("--set-rpath")
            .arg(without_glibc);
    } else {
        let loader = run(Command::new("patchelf")
            .arg("--print-interpreter")
            .arg(&program))?;
        patch
            .arg("--set-interpreter")
            .arg(inside(root, Path::new(loader.trim())));
        patch.arg("--force-rpath").arg("--set-rpath").arg(libraries);
    }
    run(patch.arg(&attempt))?;
    std::fs::rename(&attempt, &copy).with_context(|| format!("cannot write {}", copy.display()))?;
    Ok(copy)
}

fn copy_of(program: &Path) -> PathBuf {
    let mut name = program.file_name().unwrap_or_default().to_os_string();
    name.push("-on-host");
    program.with_file_name(name)
}

/// An absolute path as seen inside a root, seen from outside.
fn inside(root: &Path, path: &Path) -> PathBuf {
    let within = |path: &Path| root.join(path.strip_prefix("/").unwrap_or(path));
    let outside = within(path);
    match std::fs::read_link(&outside) {
        Ok(target) if target.is_absolute() => inside(root, &target),
        _ => outside,
    }
}

type Version = (u32, u32);

fn glibc_of_host() -> Result<Version> {
    let said = run(Command::new("getconf").arg("GNU_LIBC_VERSION"))?;
    version_in(&said).with_context(|| format!("getconf names no version of glibc: {}", said.trim()))
}

fn glibc_of_root(root: &Path) -> Result<Version> {
    let file = root.join("var/lib/dpkg/status");
    let status = std::fs::read_to_string(&file)
        .with_context(|| format!("cannot read {}", file.display()))?;
    package_version(&status, "libc6")
        .and_then(version_in)
        .with_context(|| format!("{} names no version of libc6", file.display()))
}

/// The version of an installed package in dpkg's status file.
fn package_version<'a>(status: &'a str, package: &str) -> Option<&'a str> {
    let paragraph = status.split("\n\n").find(|text| {
        text.lines()
            .any(|line| line.strip_prefix("Package: ") == Some(package))
    })?;
    paragraph
        .lines()
        .find_map(|line| line.strip_prefix("Version: "))
}

/// Major and minor of `glibc 2.36` or `2.31-13+deb11u11`.
fn version_in(text: &str) -> Option<Version> {
    let start = text.find(|character: char| character.is_ascii_digit())?;
    let mut numbers = text[start..].split(|character: char| !character.is_ascii_digit());
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

/// A folder of links to the root's libraries, those of its C library left out.
fn link_all_but_glibc(root: &Path, libraries: &Path) -> Result<PathBuf> {
    let folder = root.join("usr/lib/on-host");
    let owned = libraries_of_glibc(root)?;
    let link = || {
        std::fs::create_dir_all(&folder)?;
        for entry in std::fs::read_dir(libraries)? {
            let (name, path) = entry.map(|entry| (entry.file_name(), entry.path()))?;
            let link = folder.join(&name);
            if path.is_file() && !owned.iter().any(|file| **file == *name) && !link.exists() {
                #[cfg(unix)]
                std::os::unix::fs::symlink(&path, &link)?;
            }
        }
        std::io::Result::Ok(())
    };
    link().with_context(|| format!("cannot fill {}", folder.display()))?;
    Ok(folder)
}

fn libraries_of_glibc(root: &Path) -> Result<Vec<String>> {
    let lists = root.join("var/lib/dpkg/info");
    let entries =
        std::fs::read_dir(&lists).with_context(|| format!("cannot read {}", lists.display()))?;
    let list = entries
        .flatten()
        .map(|entry| entry.path())
        .find(|path| {
            let name = path
                .file_name()
                .and_then(|name| name.to_str())
                .unwrap_or_default();
            name == "libc6.list" || (name.starts_with("libc6:") && name.ends_with(".list"))
        })
        .with_context(|| format!("{} has no list of libc6's files", lists.display()))?;
    let text = std::fs::read_to_string(&list)
        .with_context(|| format!("cannot read {}", list.display()))?;
    Ok(text
        .lines()
        .filter_map(|line| line.rsplit('/').next())
        .map(String::from)
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_copy_lies_beside_the_program() {
        let copy = copy_of(Path::new("r/usr/bin/python3.13"));
        assert_eq!(copy, Path::new("r/usr/bin/python3.13-on-host"));
    }

    #[test]
    fn absolute_paths_and_links_are_taken_from_the_root() {
        let root = std::env::temp_dir().join(format!("hpy-relocate-test-{}", std::process::id()));
        std::fs::create_dir_all(root.join("lib64")).unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink("/lib/ld-2.31.so", root.join("lib64/ld.so")).unwrap();
        let loader = inside(&root, Path::new("/lib64/ld.so"));
        std::fs::remove_dir_all(&root).unwrap();
        assert_eq!(loader, root.join("lib/ld-2.31.so"));
    }

    #[test]
    fn versions_of_the_c_library_compare_as_numbers() {
        assert_eq!(version_in("glibc 2.36\n"), Some((2, 36)));
        assert_eq!(version_in("2.31-13+deb11u11"), Some((2, 31)));
        assert_eq!(version_in("unknown"), None);
        assert!(version_in("2.36") > version_in("2.9"));
    }

    #[test]
    fn the_version_is_that_of_the_very_package() {
        let status =
            "Package: libc6-dev\nVersion: 1.1\n\nPackage: libc6\nStatus: ok\nVersion: 2.41-12\n";
        assert_eq!(package_version(status, "libc6"), Some("2.41-12"));
        assert_eq!(package_version(status, "none"), None);
    }
}
