//! What Debian's suites have: a minimal root per suite, packages installed into it as needed, and
//! sources.

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
    let program = Path::new("usr/bin").join(source.program);
    let root = cache.path().join(folder_of(source.suite));
    if !root.join(&program).exists() {
        if offline {
            bail!("not in the cache, and --offline was given");
        }
        eprintln!(
            "Providing {} from Debian {}: about a minute.",
            source.package, source.suite
        );
        make_root(cache, source.suite)?;
        apt(&root, &["update"])?;
        let install = ["install", "-y", "--no-install-recommends", source.package];
        apt(&root, &install)?;
    }
    if !offline && let Err(error) = provide_header(&root, source.program) {
        // What includes it is skipped then.
        eprintln!("There is no Python.h of {}: {error:#}", source.program);
    }
    if !offline && let Err(error) = provide_library(&root, source.program) {
        // What embeds it is skipped then.
        eprintln!("There is no library of {}: {error:#}", source.program);
    }
    relocate::onto_host(&root, &root.join(&program))
}

/// The shared library, alone out of its package. The program does not need it.
fn provide_library(root: &Path, program: &str) -> Result<()> {
    let folder = format!("usr/lib/{}-linux-gnu", std::env::consts::ARCH);
    let library = Path::new(&folder).join(format!("lib{program}.so.1.0"));
    if !program.starts_with("python3.") || root.join(&library).is_file() {
        return Ok(());
    }
    let within = format!("/tmp/library-{}", std::process::id());
    let attempt = root.join(&within[1..]);
    std::fs::create_dir_all(&attempt)
        .with_context(|| format!("cannot make {}", attempt.display()))?;
    let filled = unpack(root, &format!("lib{program}"), &within).and_then(|()| {
        std::fs::rename(attempt.join(&library), root.join(&library))
            .with_context(|| format!("cannot make {}", root.join(&library).display()))
    });
    // What is left of it is only waste: failing to remove it changes nothing.
    let _ = std::fs::remove_dir_all(&attempt);
    filled
}

/// Unpacks a package into a folder of the root, without installing it.
fn unpack(root: &Path, package: &str, within: &str) -> Result<()> {
    let script =
        format!("cd {within} && apt-get {APT_OPTIONS} download {package} && dpkg-deb -x *.deb .");
    run(Command::new("chroot")
        .arg(root)
        .args(["sh", "-c", &script])
        .env("PATH", PATH))
    .map(drop)
}

/// `Python.h` and what it includes, alone out of the package that has it, which is large and needs
/// others.
fn provide_header(root: &Path, program: &str) -> Result<()> {
    let folder = root.join("usr/include").join(program);
    if !program.starts_with("python3.") || folder.join("Python.h").is_file() {
        return Ok(());
    }
    let within = format!("/tmp/header-{}", std::process::id());
    let attempt = root.join(&within[1..]);
    std::fs::create_dir_all(&attempt)
        .with_context(|| format!("cannot make {}", attempt.display()))?;
    let filled = fill_header(root, program, &within, &attempt).and_then(|unpacked| {
        std::fs::rename(unpacked, &folder)
            .with_context(|| format!("cannot make {}", folder.display()))
    });
    // What is left of it is only waste: failing to remove it changes nothing.
    let _ = std::fs::remove_dir_all(&attempt);
    filled
}

fn fill_header(root: &Path, program: &str, within: &str, attempt: &Path) -> Result<PathBuf> {
    let package = format!("lib{program}-dev");
    unpack(root, &package, within)?;
    let unpacked = attempt.join("usr/include").join(program);
    // The file that is there includes this one, by a path that only the root's own compilers look
    // in.
    let own = format!(
        "usr/include/{}-linux-gnu/{program}/pyconfig.h",
        std::env::consts::ARCH
    );
    std::fs::copy(attempt.join(own), unpacked.join("pyconfig.h"))
        .with_context(|| format!("{package} has no pyconfig.h for this machine"))?;
    Ok(unpacked)
}

/// A moving suite's index expires a week after its last change, and a download would be written by
/// a user without rights in the root.
const APT_OPTIONS: &str = "-o Acquire::Check-Valid-Until=false -o APT::Sandbox::User=root";
const PATH: &str = "/usr/sbin:/usr/bin:/sbin:/bin";

/// Adds PyPy's headers to the root that it runs from: only what compiles C against it needs them.
///
/// # Errors
/// If the program is not in a suite's root, or the package cannot be had.
pub fn provide_pypy_headers(cache: &Cache, program: &Path) -> Result<()> {
    let roots = cache.path().join("roots");
    let suite = program
        .strip_prefix(&roots)
        .ok()
        .and_then(|inside| inside.components().next())
        .with_context(|| format!("{} is none of Debian's", program.display()))?;
    let root = roots.join(suite);
    eprintln!("Adding pypy3-dev to {}.", root.display());
    let install = ["install", "-y", "--no-install-recommends", "pypy3-dev"];
    apt(&root, &install)
}

/// Downloads a source package's archive as its authors published it, without Debian's changes; the
/// path of the file, which lies in the suite's root.
///
/// # Errors
/// If the suite or the package cannot be had, or without the rights to make a root.
pub fn original_source(cache: &Cache, suite: &str, package: &str) -> Result<PathBuf> {
    let root = make_root(cache, suite)?;
    let lists = root.join("etc/apt");
    let binary = std::fs::read_to_string(lists.join("sources.list"))
        .with_context(|| format!("cannot read {}/sources.list", lists.display()))?;
    let file = lists.join("sources.list.d/sources-of-packages.list");
    std::fs::write(&file, source_lines(&binary))
        .with_context(|| format!("cannot write {}", file.display()))?;
    apt(&root, &["update"])?;
    download_source(&root, &[], package)
        .with_context(|| format!("Debian {suite} has no source of {package}"))
}

/// The same, of Ubuntu: for packages that no stable suite of Debian has yet. No root of Ubuntu is
/// made. A root of Debian has apt, and Ubuntu's keys as a package.
///
/// # Errors
/// If the suite or the package cannot be had, or without the rights to make a root.
pub fn original_source_of_ubuntu(cache: &Cache, suite: &str, package: &str) -> Result<PathBuf> {
    let root = make_root(cache, "trixie")?;
    if !root.join(UBUNTU_KEYS.trim_start_matches('/')).is_file() {
        apt(&root, &["update"])?;
        apt(&root, &["install", "-y", "ubuntu-keyring"])?;
    }
    // Lists of their own: packages of Debian never come from Ubuntu.
    let sources = format!("/etc/apt/ubuntu-{suite}.list");
    let lists = format!("/var/lib/apt/lists-of-ubuntu-{suite}");
    let file = root.join(&sources[1..]);
    std::fs::write(&file, ubuntu_source_line(suite))
        .with_context(|| format!("cannot write {}", file.display()))?;
    let partial = root.join(&lists[1..]).join("partial");
    std::fs::create_dir_all(&partial)
        .with_context(|| format!("cannot make {}", partial.display()))?;
    let elsewhere = [
        "-o",
        &format!("Dir::Etc::sourcelist={sources}"),
        "-o",
        "Dir::Etc::sourceparts=-",
        "-o",
        &format!("Dir::State::lists={lists}"),
    ];
    apt(&root, &[&elsewhere[..], &["update"]].concat())?;
    download_source(&root, &elsewhere, package)
        .with_context(|| format!("Ubuntu {suite} has no source of {package}"))
}

const UBUNTU_KEYS: &str = "/usr/share/keyrings/ubuntu-archive-keyring.gpg";

fn ubuntu_source_line(suite: &str) -> String {
    format!("deb-src [signed-by={UBUNTU_KEYS}] http://archive.ubuntu.com/ubuntu {suite} main\n")
}

/// Downloads into the root and returns the path there.
fn download_source(root: &Path, options: &[&str], package: &str) -> Result<PathBuf> {
    // The download ends up in the current folder, which is the root itself after chroot.
    let source = ["source", "--tar-only", "--only-source", package];
    apt(root, &[options, &source].concat())?;
    let prefix = format!("{package}_");
    std::fs::read_dir(root)
        .with_context(|| format!("cannot read {}", root.display()))?
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| {
            let name = path.file_name().and_then(OsStr::to_str).unwrap_or_default();
            name.starts_with(&prefix) && name.contains(".orig.tar.") && !name.ends_with(".asc")
        })
        .max_by_key(|path| path.metadata().and_then(|file| file.modified()).ok())
        .context("no original archive was downloaded")
}

fn folder_of(suite: &str) -> String {
    format!("roots/{suite}")
}

fn make_root(cache: &Cache, suite: &str) -> Result<PathBuf> {
    if !is_root() {
        bail!("making and changing a Debian root needs root's rights");
    }
    need("debootstrap")?;
    cache.once(&folder_of(suite), |attempt| {
        run(Command::new("debootstrap")
            .args(["--variant=minbase", suite])
            .arg(attempt))
        .map(drop)
    })
}

/// apt-get within a root.
fn apt(root: &Path, arguments: &[&str]) -> Result<()> {
    // The root knows the network as its host does.
    let resolv = root.join("etc/resolv.conf");
    if Path::new("/etc/resolv.conf").exists() {
        std::fs::copy("/etc/resolv.conf", &resolv)
            .with_context(|| format!("cannot write {}", resolv.display()))?;
    }
    run(Command::new("chroot")
        .arg(root)
        .arg("apt-get")
        .args(APT_OPTIONS.split(' '))
        .args(arguments)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .env("PATH", PATH))
    .map(drop)
}

/// The lines for source packages that belong to those for binary ones.
fn source_lines(binary: &str) -> String {
    binary
        .lines()
        .filter_map(|line| line.trim().strip_prefix("deb "))
        .map(|rest| format!("deb-src {rest}\n"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_come_from_where_the_binaries_do() {
        let binary =
            "# a comment\ndeb http://mirror/debian trixie main\ndeb-src http://other x y\n";
        assert_eq!(
            source_lines(binary),
            "deb-src http://mirror/debian trixie main\n"
        );
    }

    #[test]
    fn sources_of_ubuntu_are_checked_by_its_own_keys() {
        let line = ubuntu_source_line("resolute");
        assert!(line.starts_with("deb-src [signed-by=/usr/share/keyrings/ubuntu-"));
        assert!(line.ends_with(" resolute main\n"));
    }
}
