//! What tests need from PyPI: pytest and hypothesis everywhere, numpy and upstream's `hpy` where
//! they have wheels, pyarrow and polars on two CPythons, and greenlet on CPython. PyPy has
//! greenlets of its own.
//!
//! pip runs on one interpreter and installs for others, so the interpreters themselves need none.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use hpy_tests::systems;

use super::cache::Cache;
use super::command::run;
use super::probe::{Implementation, Probed};

/// The last release of upstream's `hpy`, which has wheels up to CPython 3.11.
pub const UPSTREAM: &str = "hpy==0.9.0";

/// The linker for binaries that shall load on older systems than this one: on PyPI, a hundred
/// megabytes.
const ZIG: &str = "ziglang==0.17.1";

/// Installs packages for interpreters other than the one it runs on.
#[derive(Debug)]
pub struct Pip<'a> {
    pub cache: &'a Cache,
    /// An interpreter that has pip, if there is one.
    pub python: Option<PathBuf>,
    pub offline: bool,
}

/// The last hypothesis before it reads all modules for constants to draw, which takes as long as
/// our tests with it.
const HYPOTHESIS: &str = "hypothesis>=6.100,<6.131";

const GLIBC: [&str; 3] = ["manylinux2014", "manylinux_2_27", "manylinux_2_28"];

/// The interpreters with pyarrow and polars, of 340 megabytes each.
const WITH_ARROW: [&str; 2] = ["cpython3.11", "cpython3.13"];

/// The folder of pytest, hypothesis and their parts, and the oldest Python that they run on.
const PYTEST: [(&str, [u32; 2]); 2] = [("py310", [3, 10]), ("py39", [3, 9])];

impl Pip<'_> {
    /// A folder for PYTHONPATH that has pytest and hypothesis for `python`'s version: pure Python,
    /// shared by all interpreters from a version on.
    ///
    /// # Errors
    /// If Python is too old for any, or the packages cannot be had.
    pub fn pytest(&self, python: &Probed) -> Result<PathBuf> {
        let version = [python.python[0], python.python[1]];
        let (name, oldest) = pytest_for(version)
            .with_context(|| format!("no pytest for Python {}.{}", version[0], version[1]))?;
        // Of another name than the folders that had pytest alone: caches of that time have them
        // still.
        self.cache.once(&format!("testing/{name}"), |folder| {
            // pip evaluates markers for the Python it runs on: what older ones need is named here.
            self.install_pure(
                folder,
                &format!("{}.{}", oldest[0], oldest[1]),
                &[
                    "pytest",
                    HYPOTHESIS,
                    "exceptiongroup",
                    "tomli",
                    "typing_extensions",
                ],
            )
        })
    }

    /// A folder for PYTHONPATH that has numpy; none for PyPy 8 and GraalPy, which it has no wheels
    /// for.
    ///
    /// # Errors
    /// If it cannot be had.
    pub fn numpy(&self, name: &str, python: &Probed) -> Result<Option<PathBuf>> {
        let [major, minor, _] = python.python;
        let (implementation, abi) = match python.implementation {
            Implementation::CPython => ("cp", abi_of_cpython(python)),
            Implementation::PyPy if python.own[0] == 7 => {
                ("pp", format!("pypy{major}{minor}_pp73"))
            }
            Implementation::PyPy | Implementation::GraalPy => return Ok(None),
        };
        self.wheel("numpy", name, python, [implementation, &abi])
            .map(Some)
    }

    /// A folder for PYTHONPATH that has pyarrow and polars, for the interpreters named in
    /// [`WITH_ARROW`].
    ///
    /// # Errors
    /// If they cannot be had.
    pub fn arrow(&self, name: &str, python: &Probed) -> Result<Option<PathBuf>> {
        if !WITH_ARROW.contains(&name) {
            return Ok(None);
        }
        let (platforms, abi) = (glibc_platforms(), abi_of_cpython(python));
        // polars and what both depend on have one wheel for all versions.
        let abis = [abi.as_str(), "abi3", "none"];
        let mut target = vec!["--implementation", "cp"];
        target.extend(abis.iter().flat_map(|abi| ["--abi", abi]));
        for platform in &platforms {
            target.extend(["--platform", platform]);
        }
        let version = format!("{}.{}", python.python[0], python.python[1]);
        let version = ["--ignore-requires-python", "--python-version", &version];
        let folder = format!("arrow/{name}");
        self.cache
            .once(&folder, |folder| {
                self.install(folder, &version, &target, &["pyarrow", "polars"])
            })
            .map(Some)
    }

    /// A folder for PYTHONPATH that has greenlet, for CPython.
    ///
    /// # Errors
    /// If it cannot be had.
    pub fn greenlet(&self, name: &str, python: &Probed) -> Result<Option<PathBuf>> {
        match python.implementation {
            Implementation::CPython => self
                .wheel("greenlet", name, python, ["cp", &abi_of_cpython(python)])
                .map(Some),
            Implementation::PyPy | Implementation::GraalPy => Ok(None),
        }
    }

    /// A folder for PYTHONPATH that has numpy for a CPython of another system.
    ///
    /// # Errors
    /// If it cannot be had.
    pub fn numpy_of(
        &self,
        name: &str,
        python: &Probed,
        requirement: &str,
        platforms: &[&str],
    ) -> Result<PathBuf> {
        let abi = abi_of_cpython(python);
        let place = format!("numpy/{name}");
        self.wheel_of(&place, python, ["cp", &abi], requirement, platforms)
    }

    /// A folder with a package that has a wheel for each interpreter.
    fn wheel(
        &self,
        package: &str,
        name: &str,
        python: &Probed,
        tags: [&str; 2],
    ) -> Result<PathBuf> {
        let platforms = glibc_platforms();
        let platforms: Vec<_> = platforms.iter().map(String::as_str).collect();
        let place = format!("{package}/{name}");
        self.wheel_of(&place, python, tags, package, &platforms)
    }

    /// The cache's folder `place`, with a package for an implementation, an ABI and one of the
    /// platforms.
    fn wheel_of(
        &self,
        place: &str,
        python: &Probed,
        [implementation, abi]: [&str; 2],
        requirement: &str,
        platforms: &[&str],
    ) -> Result<PathBuf> {
        let [major, minor, _] = python.python;
        let version = format!("{major}.{minor}");
        let mut target = vec!["--implementation", implementation, "--abi", abi];
        for platform in platforms {
            target.extend(["--platform", platform]);
        }
        self.cache.once(place, |folder| {
            // What pip makes of `Requires-Python` is its own Python's affair in old versions:
            // wheels are told by their ABI.
            let version = ["--ignore-requires-python", "--python-version", &version];
            self.install(folder, &version, &target, &[requirement])
        })
    }

    /// Installs packages of pure Python that run on a version and later ones.
    ///
    /// # Errors
    /// If they cannot be had.
    pub fn install_pure(&self, folder: &Path, oldest: &str, packages: &[&str]) -> Result<()> {
        self.install(
            folder,
            &["--python-version", oldest],
            &[
                "--implementation",
                "py",
                "--abi",
                "none",
                "--platform",
                "any",
            ],
            packages,
        )
    }

    /// Downloads a package's source archive; the path of the file.
    ///
    /// # Errors
    /// If it cannot be had.
    pub fn download_source(&self, folder: &Path, package: &str) -> Result<PathBuf> {
        let python = self.python_for(package)?;
        eprintln!("Downloading {package} from PyPI.");
        // Of this one only: pip would build setuptools from its sources too.
        let name = package.split("==").next().unwrap_or(package);
        run(Command::new(python)
            .args(["-m", "pip", "download", "--quiet", "--no-deps"])
            .args(["--no-binary", name, "--dest"])
            .arg(folder)
            .arg(package)
            .env("PIP_DISABLE_PIP_VERSION_CHECK", "1"))?;
        std::fs::read_dir(folder)
            .ok()
            .and_then(|mut entries| entries.next())
            .and_then(Result::ok)
            .map(|entry| entry.path())
            .with_context(|| format!("pip downloaded nothing for {package}"))
    }

    /// A virtual environment with upstream's `hpy`; the path of its interpreter.
    ///
    /// # Errors
    /// If the environment or the packages cannot be had.
    pub fn upstream(&self, name: &str, python: &Probed, wheel: &str) -> Result<PathBuf> {
        let [major, minor, _] = python.python;
        let folder = self.cache.once(&format!("upstream/{name}"), |folder| {
            run(Command::new(&python.executable)
                .args(["-m", "venv", "--without-pip"])
                .arg(folder))?;
            // Its loader stubs import pkg_resources, which newer setuptools lack.
            self.install(
                &folder.join(format!("lib/python{major}.{minor}/site-packages")),
                &["--python-version", &format!("{major}.{minor}")],
                &[
                    "--implementation",
                    "cp",
                    "--abi",
                    wheel,
                    "--platform",
                    &format!("manylinux2014_{}", std::env::consts::ARCH),
                ],
                &[UPSTREAM, "setuptools<81"],
            )
        })?;
        Ok(folder.join("bin/python"))
    }

    /// Installs one package, without what it depends on, as this machine runs it.
    ///
    /// # Errors
    /// If it cannot be had.
    pub fn install_for_host(&self, folder: &Path, package: &str) -> Result<()> {
        self.install(folder, &["--no-deps"], &[], &[package])
    }

    /// Installs a wheel for a platform, without what it depends on. pip checks that the wheel is
    /// for it.
    ///
    /// # Errors
    /// If pip does not take it.
    pub fn install_file(&self, folder: &Path, wheel: &Path, platform: &str) -> Result<()> {
        let python = self
            .python
            .as_deref()
            .context("no interpreter here has pip: install python3-pip")?;
        run(Command::new(python)
            .args(["-m", "pip", "install", "--quiet", "--no-index", "--no-deps"])
            .args(["--only-binary", ":all:", "--no-compile"])
            .args([
                "--python-version",
                "3.13",
                "--platform",
                platform,
                "--target",
            ])
            .arg(folder)
            .arg(wheel)
            .env("PIP_ROOT_USER_ACTION", "ignore")
            .env("PIP_DISABLE_PIP_VERSION_CHECK", "1"))
        .map(drop)
    }

    /// Zig's executable.
    ///
    /// # Errors
    /// If it cannot be had, or not for this machine.
    pub fn zig(&self) -> Result<PathBuf> {
        let folder = self
            .cache
            .once("ziglang", |folder| self.install_for_host(folder, ZIG))?;
        Ok(systems::zig(&folder))
    }

    fn python_for(&self, package: &str) -> Result<&Path> {
        if self.offline {
            bail!("{package} not in the cache, and --offline was given");
        }
        self.python
            .as_deref()
            .context("no interpreter here has pip: install python3-pip")
    }

    fn install(
        &self,
        folder: &Path,
        version: &[&str],
        target: &[&str],
        packages: &[&str],
    ) -> Result<()> {
        let python = self.python_for(packages[0])?;
        eprintln!("Installing {} from PyPI.", packages.join(", "));
        run(Command::new(python)
            .args([
                "-m",
                "pip",
                "install",
                "--quiet",
                "--only-binary",
                ":all:",
                "--no-compile",
                "--target",
            ])
            .arg(folder)
            .args(version)
            .args(target)
            .args(packages)
            .env("PIP_ROOT_USER_ACTION", "ignore")
            .env("PIP_DISABLE_PIP_VERSION_CHECK", "1"))
        .map(drop)
    }
}

/// Each release names the oldest glibc that it was linked for.
fn glibc_platforms() -> [String; 3] {
    GLIBC.map(|glibc| format!("{glibc}_{}", std::env::consts::ARCH))
}

fn abi_of_cpython(python: &Probed) -> String {
    let [major, minor, _] = python.python;
    let threads = if python.free_threaded { "t" } else { "" };
    format!("cp{major}{minor}{threads}")
}

fn pytest_for(version: [u32; 2]) -> Option<(&'static str, [u32; 2])> {
    PYTEST.into_iter().find(|(_, oldest)| version >= *oldest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_python_gets_the_newest_pytest_it_can_run() {
        assert_eq!(pytest_for([3, 9]), Some(("py39", [3, 9])));
        assert_eq!(pytest_for([3, 10]), Some(("py310", [3, 10])));
        assert_eq!(pytest_for([3, 15]), Some(("py310", [3, 10])));
        assert_eq!(pytest_for([3, 8]), None);
    }
}
