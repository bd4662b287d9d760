//! The GNU C library: which version a binary needs, and how to link for an older one than this
//! machine's.
//!
//! The linker picks the newest version of each symbol. On Debian 12 even an empty extension needs
//! glibc 2.34. Zig's linker driver knows the symbol versions of every glibc and uses those of the
//! requested one.

mod needs;
mod unwinder;

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::str::FromStr;

use crate::error::{Error, Result};
use crate::interpreter::{Interpreter, module_arguments};
use crate::platform;
use crate::target::{System, Target};

pub(crate) use needs::oldest_for;
#[cfg(feature = "packaging")]
pub(crate) use needs::{of_symbol, symbol_versions};

/// A version of the GNU C library.
///
/// ```
/// use cargo_hpy::GlibcVersion;
///
/// let version: GlibcVersion = "2.17".parse()?;
/// assert!(version < GlibcVersion(2, 34));
/// assert_eq!(version.to_string(), "2.17");
/// # Ok::<(), String>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct GlibcVersion(pub u32, pub u32);

impl GlibcVersion {
    /// The oldest glibc that `library` loads with. None if it is not an ELF file or needs no
    /// version of glibc.
    ///
    /// # Errors
    ///
    /// If the file cannot be read or is damaged.
    pub fn needed_by(library: &Path) -> Result<Option<Self>> {
        oldest_for(library)
    }
}

impl FromStr for GlibcVersion {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let parts = text.split_once('.');
        let parsed =
            parts.and_then(|(major, minor)| Some((major.parse().ok()?, minor.parse().ok()?)));
        let (major, minor) =
            parsed.ok_or_else(|| format!("{text:?} is not a version of glibc such as 2.17"))?;
        Ok(GlibcVersion(major, minor))
    }
}

impl fmt::Display for GlibcVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0, self.1)
    }
}

/// The oldest glibc that Rust's standard library works with.
pub(crate) const OLDEST: GlibcVersion = GlibcVersion(2, 17);

/// Links for a glibc that may be older than this machine's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GlibcLinker {
    version: GlibcVersion,
    zig: Zig,
}

/// The words that start Zig.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Zig(Vec<OsString>);

impl Zig {
    /// The Zig on `PATH`, or the Python package `ziglang` of the active virtual environment or of
    /// the Python on `PATH`.
    pub(crate) fn find() -> Option<Self> {
        let of_venv = std::env::var_os("VIRTUAL_ENV").filter(|folder| !folder.is_empty());
        let of_venv = of_venv.map(|folder| Path::new(&folder).join(platform::VENV_PYTHON).into());
        let pythons = of_venv
            .into_iter()
            .chain(["python3".into(), "python".into()]);
        let packages = pythons.map(Zig::of_python);
        [vec!["zig".into()]]
            .into_iter()
            .map(Zig)
            .chain(packages)
            .find(Zig::works)
    }

    fn of_python(python: OsString) -> Self {
        let mut words = vec![python];
        words.extend(module_arguments("ziglang").map(OsString::from));
        Zig(words)
    }

    #[cfg(test)]
    pub(crate) fn of_words<const N: usize>(words: [OsString; N]) -> Self {
        Zig(words.into())
    }

    /// The words that start it, for a shell script.
    pub(crate) fn quoted(&self) -> String {
        let words: Vec<_> = self.0.iter().map(|word| quoted(word)).collect();
        words.join(" ")
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.0[0]);
        command.args(&self.0[1..]);
        command
    }

    fn works(&self) -> bool {
        let version = self
            .command()
            .arg("version")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        version.is_ok_and(|status| status.success())
    }
}

impl GlibcLinker {
    /// A linker for `version` by the Zig on `PATH`, or by the Python package `ziglang` of the
    /// interpreter that `python` names (see [`Interpreter::find`]).
    ///
    /// # Errors
    ///
    /// If neither exists, if the version is older than 2.17, which Rust's standard library needs,
    /// or if the system has no glibc.
    pub fn find(version: GlibcVersion, python: Option<&OsStr>) -> Result<Self> {
        check(version)?;
        let on_path = Zig(vec!["zig".into()]);
        if on_path.works() {
            return Ok(GlibcLinker {
                version,
                zig: on_path,
            });
        }
        let package =
            Interpreter::find(python).map(|python| Zig::of_python(python.path.into_os_string()));
        match package {
            Ok(zig) if zig.works() => Ok(GlibcLinker { version, zig }),
            Ok(zig) => Err(Error::new(format!(
                "linking for glibc {version} needs Zig, but there is neither `zig` on PATH nor \
                 the Python package ziglang"
            ))
            .advise(format!(
                "install it with: {} -m pip install ziglang",
                Path::new(&zig.0[0]).display()
            ))),
            Err(_) => Err(Error::new(format!(
                "linking for glibc {version} needs Zig, but there is no `zig` on PATH"
            ))
            .advise("install Zig; there is a package ziglang on PyPI")),
        }
    }

    /// A linker for `version` by the Zig at `zig`.
    ///
    /// # Errors
    ///
    /// If it does not start, or as for [`find`](Self::find).
    pub fn with_zig(version: GlibcVersion, zig: &Path) -> Result<Self> {
        check(version)?;
        let zig = Zig(vec![zig.as_os_str().to_owned()]);
        if zig.works() {
            Ok(GlibcLinker { version, zig })
        } else {
            Err(Error::new(format!(
                "{} does not behave like Zig",
                Path::new(&zig.0[0]).display()
            )))
        }
    }

    /// A linker for the oldest glibc that Rust's standard library works with on this target.
    pub(crate) fn oldest(zig: Zig, target: &Target) -> Self {
        let version = match target.architecture() {
            "riscv64" => GlibcVersion(2, 27),
            "loongarch64" => GlibcVersion(2, 36),
            _ => OLDEST,
        };
        GlibcLinker { version, zig }
    }

    /// The version it links for.
    pub fn version(&self) -> GlibcVersion {
        self.version
    }

    /// Part of the target folder's name, because builds for different glibc versions differ.
    pub(crate) fn key(&self) -> String {
        format!("glibc{}", self.version)
    }

    /// The environment variable that makes cargo use this linker for this machine, and its value,
    /// which is a script below `folder`.
    ///
    /// # Errors
    ///
    /// If rustc does not build for a system with glibc, the script cannot be written, or Zig fails.
    pub fn environment(&self, folder: &Path) -> Result<(String, PathBuf)> {
        self.environment_for(&Target::host()?, folder)
    }

    /// The environment variable that makes cargo use this linker for `target`, and its value, which
    /// is a script below `folder`.
    ///
    /// # Errors
    ///
    /// If the target has no glibc, the script cannot be written, or Zig fails.
    pub(crate) fn environment_for(
        &self,
        target: &Target,
        folder: &Path,
    ) -> Result<(String, PathBuf)> {
        let zig_target = zig_target(target, self.version)?;
        let folder = linker_folder(folder, &format!("{}-{}", target.triple(), self.key()))?;
        let unwinder = unwinder::stand_in(&self.zig, &zig_target, &folder)?;
        let script = script(&self.zig, &zig_target, &unwinder);
        let path = write_script(&folder, &script)?;
        Ok((target.variable("LINKER"), path))
    }
}

/// The folder `name` for a linker's script.
pub(crate) fn linker_folder(target: &Path, name: &str) -> Result<PathBuf> {
    let folder = target.join("hpy").join("linkers").join(name);
    fs::create_dir_all(&folder).map_err(|error| Error::io("create", &folder, error))?;
    Ok(folder)
}

/// Writes a linker's script and returns its path.
pub(crate) fn write_script(folder: &Path, script: &str) -> Result<PathBuf> {
    // rustc chooses a linker's command line by its name.
    let path = folder.join("cc");
    if fs::read(&path).is_ok_and(|present| present == script.as_bytes()) {
        return Ok(path);
    }
    let attempt = folder.join(format!("cc.{}.new", std::process::id()));
    let write = || {
        fs::write(&attempt, script)?;
        #[cfg(unix)]
        fs::set_permissions(
            &attempt,
            std::os::unix::fs::PermissionsExt::from_mode(0o755),
        )?;
        fs::rename(&attempt, &path)
    };
    write().map_err(|error| Error::io("write", &path, error))?;
    Ok(path)
}

/// Checks that a library linked for a glibc loads with it.
pub(crate) fn check_needs(
    package: &str,
    needed: Option<GlibcVersion>,
    linker: Option<&GlibcLinker>,
) -> Result<()> {
    match (needed, linker) {
        (Some(needed), Some(linker)) if needed > linker.version => Err(Error::new(format!(
            "{package} needs glibc {needed}, though it was linked for {}",
            linker.version
        ))
        .advise("another linker may have been asked for, in RUSTFLAGS or in .cargo/config.toml")),
        _ => Ok(()),
    }
}

fn check(version: GlibcVersion) -> Result<()> {
    if version < OLDEST {
        return Err(Error::new(format!(
            "Rust's standard library needs glibc {OLDEST}, so nothing can be linked for {version}"
        )));
    }
    Ok(())
}

/// `x86_64-unknown-linux-gnu` -> `x86_64-linux-gnu.2.17`
fn zig_target(target: &Target, version: GlibcVersion) -> Result<String> {
    if target.system() != System::LinuxGnu {
        return Err(Error::new(format!(
            "--glibc is for Linux with glibc, and this build is for {}",
            target.triple()
        )));
    }
    let architecture = zig_architecture(target);
    let (_, system) = target.triple().rsplit_once('-').unwrap_or_default();
    Ok(format!("{architecture}-linux-{system}.{version}"))
}

/// The processor, as Zig names it.
pub(crate) fn zig_architecture(target: &Target) -> &str {
    match target.architecture() {
        "i686" => "x86",
        "armv7l" | "armv6l" => "arm",
        "ppc64le" => "powerpc64le",
        other => other,
    }
}

/// Removes arguments for GNU's linker driver that Zig's does not know. Zig has its own linker.
fn script(zig: &Zig, target: &str, unwinder: &Path) -> String {
    format!(
        "#!/bin/sh\n\
         # Made by cargo-hpy: links for {target}.\n\
         for argument do\n    \
             shift\n    \
             case $argument in\n    \
             -m32 | -m64 | -fuse-ld=* | -B*/gcc-ld | -Wl,--no-undefined-version) continue ;;\n    \
             -lgcc_s) argument={} ;;\n    \
             esac\n    \
             set -- \"$@\" \"$argument\"\n\
         done\n\
         exec {} cc -target {target} \"$@\"\n",
        quoted(unwinder.as_os_str()),
        zig.quoted()
    )
}

fn quoted(word: &OsStr) -> String {
    format!("'{}'", word.to_string_lossy().replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_and_compared_as_numbers() {
        let version: GlibcVersion = "2.17".parse().unwrap();
        assert!(version > GlibcVersion(2, 5) && version < GlibcVersion(2, 100));
        for wrong in ["2", "2.x", "", "2.17.1"] {
            let error = wrong.parse::<GlibcVersion>().unwrap_err();
            assert!(error.contains("such as 2.17"), "{error}");
        }
    }

    #[test]
    fn zig_names_targets_without_a_vendor() {
        let version = GlibcVersion(2, 17);
        for (triple, zig) in [
            ("aarch64-unknown-linux-gnu", "aarch64-linux-gnu.2.17"),
            ("i686-unknown-linux-gnu", "x86-linux-gnu.2.17"),
            ("armv7-unknown-linux-gnueabihf", "arm-linux-gnueabihf.2.17"),
        ] {
            assert_eq!(zig_target(&Target::new(triple), version).unwrap(), zig);
        }
        let error = zig_target(&Target::new("x86_64-apple-darwin"), version).unwrap_err();
        assert!(error.to_string().contains("x86_64-apple-darwin"));
    }

    #[cfg(target_env = "gnu")]
    #[test]
    fn what_cannot_be_is_refused_before_anything_is_built() {
        let error = GlibcLinker::find(GlibcVersion(2, 16), None).unwrap_err();
        assert!(error.to_string().contains("needs glibc 2.17"), "{error}");
        let error = GlibcLinker::with_zig(OLDEST, Path::new("/nowhere/zig")).unwrap_err();
        assert!(error.to_string().contains("/nowhere/zig"), "{error}");
    }

    #[test]
    fn what_needs_a_newer_one_is_refused_in_the_end() {
        let linker = GlibcLinker {
            version: OLDEST,
            zig: Zig(Vec::new()),
        };
        assert!(check_needs("words", Some(OLDEST), Some(&linker)).is_ok());
        assert!(check_needs("words", Some(GlibcVersion(2, 34)), None).is_ok());
        let error = check_needs("words", Some(GlibcVersion(2, 34)), Some(&linker)).unwrap_err();
        assert!(error.to_string().contains("words needs glibc 2.34"));
    }

    #[cfg(unix)]
    #[test]
    fn the_script_passes_on_what_zig_understands() {
        let folder = std::env::temp_dir().join(format!("cargo-hpy-linker-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join("cc");
        fs::write(
            &path,
            script(
                &Zig(vec!["echo".into(), "it's".into()]),
                "some-target",
                Path::new("/a b/unwinder"),
            ),
        )
        .unwrap();
        let said = Command::new("sh")
            .arg(&path)
            .args([
                "-m64",
                "-shared",
                "-B/x/gcc-ld",
                "-lgcc_s",
                "two words",
                "-fuse-ld=lld",
            ])
            .output()
            .unwrap();
        fs::remove_dir_all(&folder).unwrap();
        assert_eq!(
            String::from_utf8_lossy(&said.stdout),
            "it's cc -target some-target -shared /a b/unwinder two words\n"
        );
    }
}
