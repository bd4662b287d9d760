//! The linker for another target than this machine's, and whether Rust's standard library is there.

use std::env;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::{Error, Result};
use crate::glibc::{GlibcLinker, Zig, linker_folder, write_script, zig_architecture};
use crate::target::{System, Target};

/// The folder of Apple's headers and libraries.
const SDK: &str = "SDKROOT";

/// The variables that cargo needs to link for `target`, with scripts below `folder`. None if the
/// user or cargo has chosen a linker.
///
/// # Errors
///
/// If there is none, with the ways to get one.
pub(crate) fn find(target: &Target, folder: &Path) -> Result<Vec<(String, OsString)>> {
    let variable = target.variable("LINKER");
    if env::var_os(&variable).is_some() || Configuration::read().links(target) {
        return Ok(Vec::new());
    }
    let gnu = gnu_linker(target);
    if let Some(gnu) = gnu.as_deref().filter(|gnu| is_on_path(gnu)) {
        return Ok(vec![(variable, gnu.into())]);
    }
    let by_zig = match target.system() {
        System::LinuxGnu | System::LinuxMusl => true,
        // Apple's own tools are better, where they are.
        System::MacOs if cfg!(target_os = "macos") => return Ok(Vec::new()),
        System::MacOs => true,
        System::Windows if is_llvm(target) => true,
        System::Windows => {
            return match gnu {
                Some(gnu) => Err(missing(target, Some(&gnu), false)),
                // What rustc chooses for MSVC.
                None => Ok(Vec::new()),
            };
        }
        System::Other => return Ok(Vec::new()),
    };
    let Some(zig) = Zig::find() else {
        return Err(missing(target, gnu.as_deref(), by_zig));
    };
    if target.system() == System::LinuxGnu {
        let linker = GlibcLinker::oldest(zig, target);
        let (_, linker) = linker.environment_for(target, folder)?;
        return Ok(vec![(variable, linker.into())]);
    }
    let folder = linker_folder(folder, target.triple())?;
    let linker = write_script(&folder, &script(&zig, target))?;
    let mut variables = vec![(variable, linker.into())];
    if target.system() == System::MacOs && env::var_os(SDK).is_none() {
        // Zig has what it needs of macOS. rustc runs Apple's tools unless this is a folder.
        variables.push((SDK.to_owned(), folder.into()));
    }
    Ok(variables)
}

fn missing(target: &Target, gnu: Option<&str>, by_zig: bool) -> Error {
    let mut ways = Vec::new();
    if let Some(gnu) = gnu {
        let package = match target.system() {
            System::Windows => format!("gcc-mingw-w64-{}", target.architecture().replace('_', "-")),
            _ => format!("gcc-{}", gnu.trim_end_matches("-gcc").replace('_', "-")),
        };
        ways.push(format!(
            "{gnu}: apt install {package} (on Debian and Ubuntu)"
        ));
    }
    if by_zig {
        ways.push("Zig: python3 -m pip install ziglang".to_owned());
    }
    let variable = target.variable("LINKER");
    ways.push(format!("any other, by its path in {variable}"));
    Error::new(format!("there is no linker for {}", target.triple()))
        .advise(format!("install one of these:\n{}", ways.join("\n")))
}

/// GCC for the target, as Debian and others name it.
fn gnu_linker(target: &Target) -> Option<String> {
    let (architecture, system) = target.triple().split_once('-')?;
    let architecture = match architecture {
        "armv7" => "arm",
        "riscv64gc" => "riscv64",
        "i586" => "i686",
        other => other,
    };
    match system {
        "pc-windows-gnu" => Some(format!("{architecture}-w64-mingw32-gcc")),
        _ if target.system() == System::LinuxGnu => {
            let (_, gnu) = system.rsplit_once('-')?;
            Some(format!("{architecture}-linux-{gnu}-gcc"))
        }
        _ => None,
    }
}

fn is_on_path(command: &str) -> bool {
    let folders = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&folders).any(|folder| {
        let file = folder.join(command);
        file.is_file() || file.with_extension("exe").is_file()
    })
}

/// The oldest macOS that rustc's standard library is built for.
fn macos(target: &Target) -> &'static str {
    match target.architecture() {
        "aarch64" => "11.0",
        _ => "10.12",
    }
}

/// Whether the target is Windows with LLVM's tools, as Zig has them.
fn is_llvm(target: &Target) -> bool {
    target.triple().ends_with("-windows-gnullvm")
}

/// Zig for macOS, musl and Windows. Arguments that it does not know are removed.
fn script(zig: &Zig, target: &Target) -> String {
    let architecture = zig_architecture(target);
    let (zig_target, cases) = if target.system() == System::MacOs {
        let version = format!("${{MACOSX_DEPLOYMENT_TARGET:-{}}}", macos(target));
        // Zig exports every symbol that is not hidden.
        let cases = "-arch | -isysroot | -Wl,-exported_symbols_list) skip=1; continue ;;\n    \
                     -mmacosx-version-min=* | --target=*) continue ;;\n    \
                     -Wl,-exported_symbols_list,*) continue ;;\n    ";
        (format!("{architecture}-macos.{version}"), cases)
    } else if is_llvm(target) {
        // Zig has the newer library of C instead of msvcrt.
        (
            format!("{architecture}-windows-gnu"),
            "-m32 | -m64 | -lmsvcrt | --target=*) continue ;;\n    \
             -Wl,*.def) argument=${argument#-Wl,} ;;\n    ",
        )
    } else {
        let (_, system) = target.triple().rsplit_once('-').unwrap_or_default();
        // musl has no unwinder of its own, and systems with musl need not have GCC's.
        let cases = "-m32 | -m64 | --target=*) continue ;;\n    \
                     -lgcc_s) argument=-lunwind ;;\n    ";
        (format!("{architecture}-linux-{system}"), cases)
    };
    format!(
        "#!/bin/sh\n\
         # Made by cargo-hpy: links for {}.\n\
         skip=\n\
         for argument do\n    \
             shift\n    \
             if [ \"$skip\" ]; then skip=; continue; fi\n    \
             case $argument in\n    \
             {cases}esac\n    \
             set -- \"$@\" \"$argument\"\n\
         done\n\
         exec {} cc -target \"{zig_target}\" \"$@\"\n",
        target.triple(),
        zig.quoted()
    )
}

/// Fails if Rust's standard library for `target` is neither installed nor built by cargo.
pub(crate) fn check_std(target: &Target) -> Result<()> {
    if cargo_builds_std() {
        return Ok(());
    }
    let folder = folder_of_std(target)?;
    let mut files = folder.read_dir().into_iter().flatten().flatten();
    if files.any(|file| file.file_name().to_string_lossy().starts_with("libstd-")) {
        return Ok(());
    }
    Err(Error::new(format!(
        "Rust's standard library for {} is not installed",
        target.triple()
    ))
    .advise(ways_to_std(target)))
}

/// Fails if rustc knows no such target.
#[cfg(feature = "packaging")]
pub(crate) fn check_known(target: &Target) -> Result<()> {
    // Targets of the user's own may be known with options for that only.
    match cargo_builds_std() {
        true => Ok(()),
        false => folder_of_std(target).map(drop),
    }
}

fn cargo_builds_std() -> bool {
    env::var_os("CARGO_UNSTABLE_BUILD_STD").is_some() || Configuration::read().builds_std()
}

/// Where the libraries for `target` are, if they are installed.
fn folder_of_std(target: &Target) -> Result<PathBuf> {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let asked = Command::new(rustc)
        .args(["--print", "target-libdir", "--target", target.triple()])
        .output()
        .map_err(|error| Error::io("run", Path::new("rustc"), error))?;
    if asked.status.success() {
        return Ok(PathBuf::from(String::from_utf8_lossy(&asked.stdout).trim()));
    }
    let said = String::from_utf8_lossy(&asked.stderr);
    let said = said.lines().next().unwrap_or_default();
    Err(Error::new(format!(
        "rustc does not build for {}: {said}",
        target.triple()
    ))
    .advise("`rustc --print target-list` names the targets"))
}

fn ways_to_std(target: &Target) -> String {
    let triple = target.triple();
    let mut ways = vec![format!("with rustup: rustup target add {triple}")];
    let debian = match target.architecture() {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "i686" => "i386",
        "armv7l" => "armhf",
        "ppc64le" => "ppc64el",
        other => other,
    };
    if target.system() == System::LinuxGnu {
        ways.push(format!(
            "with Debian's rustc: dpkg --add-architecture {debian} && apt update && \
             apt install libstd-rust-dev:{debian}"
        ));
    }
    ways.push(
        "with its source (rustup component add rust-src, or apt install rust-src): set \
         RUSTC_BOOTSTRAP=1 and CARGO_UNSTABLE_BUILD_STD=std,panic_unwind, and cargo builds it"
            .to_owned(),
    );
    ways.join("\n")
}

/// The texts of cargo's configuration files, from the current folder upwards and in `CARGO_HOME`.
struct Configuration(Vec<String>);

impl Configuration {
    fn read() -> Self {
        let current = env::current_dir().unwrap_or_default();
        let folders = current.ancestors().map(|folder| folder.join(".cargo"));
        let home = env::var_os("CARGO_HOME").map(PathBuf::from);
        let home = home.or_else(|| Some(env::home_dir()?.join(".cargo")));
        let files = folders
            .chain(home)
            .flat_map(|folder| ["config.toml", "config"].map(|name| folder.join(name)));
        Configuration(
            files
                .filter_map(|file| fs::read_to_string(file).ok())
                .collect(),
        )
    }

    /// Whether it sets the target's linker.
    fn links(&self, target: &Target) -> bool {
        let section = format!("target.{}", target.triple());
        self.sets(&section, "linker")
    }

    fn builds_std(&self) -> bool {
        self.sets("unstable", "build-std")
    }

    fn sets(&self, section: &str, key: &str) -> bool {
        self.0.iter().any(|text| sets(text, section, key))
    }
}

/// Whether a configuration file has the key in the section, in the usual way of writing.
fn sets(text: &str, section: &str, key: &str) -> bool {
    let mut current = String::new();
    for line in text.lines().map(str::trim) {
        if let Some(header) = line.strip_prefix('[') {
            let (header, _) = header.split_once(']').unwrap_or((header, ""));
            current = header.replace(['"', '\'', ' '], "");
        } else if let Some((name, _)) = line.split_once('=') {
            let name = name.trim();
            let full = match current.as_str() {
                "" => name.to_owned(),
                section => format!("{section}.{name}"),
            };
            if full == format!("{section}.{key}") {
                return true;
            }
        }
    }
    false
}

/// The words of cargo's variable for programs of `target`, by which they are run on this machine.
/// Empty if it is not set.
pub(crate) fn runner(target: &Target) -> Vec<OsString> {
    let words = env::var(target.variable("RUNNER")).unwrap_or_default();
    let words = words.split_whitespace();
    words.map(|word| OsStr::new(word).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gcc_is_looked_for_under_its_usual_name() {
        for (triple, name) in [
            ("aarch64-unknown-linux-gnu", Some("aarch64-linux-gnu-gcc")),
            (
                "armv7-unknown-linux-gnueabihf",
                Some("arm-linux-gnueabihf-gcc"),
            ),
            ("x86_64-pc-windows-gnu", Some("x86_64-w64-mingw32-gcc")),
            ("x86_64-pc-windows-msvc", None),
            ("x86_64-unknown-linux-musl", None),
        ] {
            assert_eq!(gnu_linker(&Target::new(triple)).as_deref(), name);
        }
    }

    #[test]
    fn a_missing_linker_is_answered_with_the_ways_to_get_one() {
        let of = |triple: &str, gnu, by_zig| missing(&Target::new(triple), gnu, by_zig).to_string();
        let text = of(
            "aarch64-unknown-linux-gnu",
            Some("aarch64-linux-gnu-gcc"),
            true,
        );
        for part in [
            "no linker for aarch64-unknown-linux-gnu",
            "apt install gcc-aarch64-linux-gnu ",
            "pip install ziglang",
            "CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER",
        ] {
            assert!(text.contains(part), "{text}");
        }
        let text = of(
            "x86_64-pc-windows-gnu",
            Some("x86_64-w64-mingw32-gcc"),
            false,
        );
        assert!(text.contains("apt install gcc-mingw-w64-x86-64 "), "{text}");
        assert!(!text.contains("Zig"), "{text}");
    }

    #[test]
    fn a_missing_standard_library_is_answered_with_the_ways_to_get_it() {
        let text = ways_to_std(&Target::new("aarch64-unknown-linux-gnu"));
        assert!(text.contains("rustup target add aarch64-unknown-linux-gnu"));
        assert!(text.contains("libstd-rust-dev:arm64"));
        let text = ways_to_std(&Target::new("aarch64-apple-darwin"));
        assert!(text.contains("CARGO_UNSTABLE_BUILD_STD") && !text.contains("libstd-rust-dev"));
    }

    #[test]
    fn a_linker_in_the_configuration_is_seen() {
        let text = "[build]\nlinker = 'no'\n[target.'one-two']\n# linker\nlinker = \"x\"\n";
        assert!(sets(text, "target.one-two", "linker"));
        assert!(!sets(text, "target.one", "linker"));
        assert!(sets(
            "target.one-two.linker = 'x'",
            "target.one-two",
            "linker"
        ));
        assert!(sets(
            "[unstable]\nbuild-std = [\"std\"]",
            "unstable",
            "build-std"
        ));
    }

    #[cfg(unix)]
    #[test]
    fn the_script_removes_what_zig_does_not_know() {
        let folder = env::temp_dir().join(format!("cargo-hpy-zig-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let said = |triple: &str, arguments: &[&str]| {
            let zig = Zig::of_words(["echo".into()]);
            let path = write_script(&folder, &script(&zig, &Target::new(triple))).unwrap();
            let output = Command::new("sh")
                .arg(path)
                .args(arguments)
                .env("MACOSX_DEPLOYMENT_TARGET", "12.3")
                .output();
            String::from_utf8(output.unwrap().stdout).unwrap()
        };
        assert_eq!(
            said(
                "aarch64-apple-darwin",
                &[
                    "-arch",
                    "arm64",
                    "-mmacosx-version-min=11.0",
                    "a b",
                    "-Wl,-exported_symbols_list",
                    "/list",
                    "-dynamiclib",
                ]
            ),
            "cc -target aarch64-macos.12.3 a b -dynamiclib\n"
        );
        assert_eq!(
            said("x86_64-unknown-linux-musl", &["-m64", "-lgcc_s", "-shared"]),
            "cc -target x86_64-linux-musl -lunwind -shared\n"
        );
        fs::remove_dir_all(&folder).unwrap();
    }
}
