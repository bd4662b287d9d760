//! Interpreters from Debian's suites: a minimal root per suite, packages installed into it as needed.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::cache::Cache;
use super::command::{is_root, need, run};
use super::relocate;
use super::wanted::Debian;

/// The program of a package, ready to be started on this machine.
///
/// # Errors
/// If the suite or the package cannot be had, or without the rights to make a root.
pub fn provide(cache: &Cache, source: Debian, offline: bool) -> Result<PathBuf> {
    if !cfg!(target_os = "linux") {
        bail!("Debian's programs run on Linux only");
    }
    let name = format!("roots/{}", source.suite);
    let program = Path::new("usr/bin").join(source.program);
    let root = cache.path().join(&name);
    if offline && !root.join(&program).exists() {
        bail!("not in the cache, and --offline was given");
    }
    if !root.join(&program).exists() {
        if !is_root() {
            bail!("making a Debian root needs root's rights");
        }
        need("debootstrap")?;
        announce(source);
        cache.once(&name, |attempt| bootstrap(source.suite, attempt))?;
        install(&root, source.package)?;
    }
    relocate::onto_host(&root, &root.join(&program))
}

fn announce(source: Debian) {
    eprintln!(
        "Providing {} from Debian {}: about a minute.",
        source.package, source.suite
    );
}

fn bootstrap(suite: &str, folder: &Path) -> Result<()> {
    run(Command::new("debootstrap")
        .args(["--variant=minbase", suite])
        .arg(folder))
    .map(drop)
}

fn install(root: &Path, package: &str) -> Result<()> {
    // The root knows the network as its host does.
    let resolv = root.join("etc/resolv.conf");
    if Path::new("/etc/resolv.conf").exists() {
        std::fs::copy("/etc/resolv.conf", &resolv)
            .with_context(|| format!("cannot write {}", resolv.display()))?;
    }
    let apt = |arguments: &[&str]| {
        run(Command::new("chroot")
            .arg(root)
            // A moving suite's index expires a week after its last change.
            .args(["apt-get", "-o", "Acquire::Check-Valid-Until=false"])
            .args(arguments)
            .env("DEBIAN_FRONTEND", "noninteractive")
            .env("PATH", OsStr::new("/usr/sbin:/usr/bin:/sbin:/bin")))
    };
    apt(&["update"])?;
    apt(&["install", "-y", "--no-install-recommends", package]).map(drop)
}
