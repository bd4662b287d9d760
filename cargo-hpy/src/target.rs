//! The system that is built for, as a value: file names and tags follow it, never the host.

use std::env;
use std::path::Path;
use std::process::Command;

use crate::error::{Error, Result};
use crate::universal2;

/// A target of rustc, such as `x86_64-unknown-linux-gnu`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    triple: String,
}

/// The kind of system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum System {
    /// Linux with glibc.
    LinuxGnu,
    /// Linux with musl.
    LinuxMusl,
    /// macOS.
    MacOs,
    Windows,
    Other,
}

impl Target {
    /// The default target of rustc.
    pub(crate) fn host() -> Result<Self> {
        let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
        let failed = |error| {
            Error::io("run", Path::new("rustc"), error)
                .advise("install Rust from https://rustup.rs, or set RUSTC to its path")
        };
        let output = Command::new(rustc).arg("-vV").output().map_err(failed)?;
        let said = String::from_utf8_lossy(&output.stdout);
        let host = said.lines().find_map(|line| line.strip_prefix("host: "));
        host.map(Self::new)
            .ok_or_else(|| Error::new("`rustc -vV` does not say what it builds for"))
    }

    pub(crate) fn new(triple: &str) -> Self {
        Target {
            triple: triple.to_owned(),
        }
    }

    pub(crate) fn triple(&self) -> &str {
        &self.triple
    }

    /// What rustc builds for: this target, or the two that a file for both of the Mac's processors
    /// is joined from.
    pub(crate) fn parts(&self) -> Vec<Target> {
        match self.triple == universal2::TRIPLE {
            true => universal2::TRIPLES.map(Target::new).into(),
            false => vec![self.clone()],
        }
    }

    pub(crate) fn system(&self) -> System {
        let (_, system) = self.triple.split_once('-').unwrap_or_default();
        match system {
            _ if system.contains("linux-gnu") => System::LinuxGnu,
            _ if system.contains("linux-musl") => System::LinuxMusl,
            _ if system.contains("windows") => System::Windows,
            "apple-darwin" => System::MacOs,
            _ => System::Other,
        }
    }

    /// The processor, as Linux and wheels' tags name it.
    pub(crate) fn architecture(&self) -> &str {
        let (architecture, _) = self.triple.split_once('-').unwrap_or((&self.triple, ""));
        match architecture {
            "i386" | "i586" => "i686",
            "armv7" => "armv7l",
            "arm" => "armv6l",
            "powerpc64le" => "ppc64le",
            "riscv64gc" => "riscv64",
            other => other,
        }
    }

    /// Whether pointers have 64 bits.
    pub(crate) fn is_64_bit(&self) -> bool {
        let architecture = self.architecture();
        architecture.contains("64") || ["s390x", "universal2"].contains(&architecture)
    }

    /// The end of the variables' names by which cargo is told of this target's tools:
    /// `CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_LINKER`.
    pub(crate) fn variable(&self, what: &str) -> String {
        let triple = self.triple.to_uppercase().replace(['-', '.'], "_");
        format!("CARGO_TARGET_{triple}_{what}")
    }

    /// What follows the version of CPython in the name of a native extension:
    /// `-aarch64-linux-gnu.so`. `None` where it is not known.
    pub(crate) fn extension_end(&self) -> Option<String> {
        let architecture = self.architecture();
        // CPython names Linux' platforms as Debian does.
        let on_linux = match architecture {
            "i686" => "i386",
            "armv7l" | "armv6l" => "arm",
            "ppc64le" => "powerpc64le",
            other => other,
        };
        let eabi = match on_linux {
            "arm" if self.triple.ends_with("eabihf") => "eabihf",
            "arm" => "eabi",
            _ => "",
        };
        match (self.system(), architecture) {
            (System::LinuxGnu, _) => Some(format!("-{on_linux}-linux-gnu{eabi}.so")),
            (System::LinuxMusl, _) => Some(format!("-{on_linux}-linux-musl{eabi}.so")),
            (System::MacOs, _) => Some("-darwin.so".into()),
            (System::Windows, "x86_64") => Some("-win_amd64.pyd".into()),
            (System::Windows, "aarch64") => Some("-win_arm64.pyd".into()),
            (System::Windows, "i686") => Some("-win32.pyd".into()),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn native_extensions_end_as_in_the_targets_python() {
        for (triple, end) in [
            ("x86_64-unknown-linux-gnu", "-x86_64-linux-gnu.so"),
            ("i686-unknown-linux-gnu", "-i386-linux-gnu.so"),
            ("armv7-unknown-linux-gnueabihf", "-arm-linux-gnueabihf.so"),
            ("arm-unknown-linux-musleabi", "-arm-linux-musleabi.so"),
            ("riscv64gc-unknown-linux-gnu", "-riscv64-linux-gnu.so"),
            ("powerpc64le-unknown-linux-gnu", "-powerpc64le-linux-gnu.so"),
            ("x86_64-alpine-linux-musl", "-x86_64-linux-musl.so"),
            ("aarch64-apple-darwin", "-darwin.so"),
            ("x86_64-pc-windows-gnu", "-win_amd64.pyd"),
            ("i686-pc-windows-msvc", "-win32.pyd"),
        ] {
            let found = Target::new(triple).extension_end();
            assert_eq!(found.as_deref(), Some(end), "{triple}");
        }
        assert_eq!(Target::new("wasm32-wasip1").extension_end(), None);
    }

    #[test]
    fn cargos_variables_have_the_target_in_their_names() {
        assert_eq!(
            Target::new("aarch64-apple-darwin").variable("RUNNER"),
            "CARGO_TARGET_AARCH64_APPLE_DARWIN_RUNNER"
        );
    }

    #[test]
    fn the_width_of_pointers_is_in_the_processors_name() {
        for (triple, is_64_bit) in [
            ("s390x-unknown-linux-gnu", true),
            (universal2::TRIPLE, true),
            ("aarch64-apple-darwin", true),
            ("i686-unknown-linux-gnu", false),
            ("armv7-unknown-linux-gnueabihf", false),
        ] {
            assert_eq!(Target::new(triple).is_64_bit(), is_64_bit, "{triple}");
        }
    }
}
