//! Makes a program of a Debian root run on its host, without chroot, mounts or rights.
//!
//! A copy of the program gets the root's own dynamic loader and the root's libraries (as RPATH, which,
//! unlike RUNPATH, also serves what those libraries and extension modules need). Python finds its
//! standard library from where its executable lies. So paths, environment, `sys.executable` and
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
    let loader = run(Command::new("patchelf")
        .arg("--print-interpreter")
        .arg(&program))?;
    let attempt = copy.with_extension(format!("attempt-{}", std::process::id()));
    std::fs::copy(&program, &attempt)
        .with_context(|| format!("cannot write {}", attempt.display()))?;
    run(Command::new("patchelf")
        .arg("--set-interpreter")
        .arg(inside(root, loader.trim()))
        .arg("--force-rpath")
        .arg("--set-rpath")
        .arg(root.join(format!("usr/lib/{}-linux-gnu", std::env::consts::ARCH)))
        .arg(&attempt))?;
    std::fs::rename(&attempt, &copy).with_context(|| format!("cannot write {}", copy.display()))?;
    Ok(copy)
}

fn copy_of(program: &Path) -> PathBuf {
    let mut name = program.file_name().unwrap_or_default().to_os_string();
    name.push("-on-host");
    program.with_file_name(name)
}

/// An absolute path as seen inside a root, seen from outside.
fn inside(root: &Path, path: &str) -> PathBuf {
    root.join(path.trim_start_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_copy_lies_beside_the_program() {
        assert_eq!(
            copy_of(Path::new("r/usr/bin/python3.13")),
            Path::new("r/usr/bin/python3.13-on-host")
        );
    }

    #[test]
    fn absolute_paths_are_taken_from_the_root() {
        assert_eq!(
            inside(Path::new("/c/root"), "/lib64/ld.so"),
            Path::new("/c/root/lib64/ld.so")
        );
    }
}
