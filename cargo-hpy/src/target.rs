//! The system that is built for, as a value: file names and tags follow it, never the host.

use std::env;
use std::path::Path;
use std::process::Command;

use crate::error::{Error, Result};

/// A target of rustc, such as `x86_64-unknown-linux-gnu`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    triple: String,
}

/// The kind of system.
#[cfg(feature = "packaging")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum System {
    /// Linux with glibc.
    LinuxGnu,
    /// Linux with musl.
    LinuxMusl,
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
}

#[cfg(feature = "packaging")]
impl Target {
    pub(crate) fn system(&self) -> System {
        let (_, system) = self.triple.split_once('-').unwrap_or_default();
        match system {
            _ if system.contains("linux-gnu") => System::LinuxGnu,
            _ if system.contains("linux-musl") => System::LinuxMusl,
            _ if system.contains("windows") => System::Windows,
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
}
