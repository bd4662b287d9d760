//! The release profiles that sizes are measured in.

use std::process::Command;

/// A release profile.
pub struct Profile {
    pub name: &'static str,
    /// Of `CARGO_PROFILE_RELEASE_…`.
    settings: &'static [(&'static str, &'static str)],
    /// Of the crates below the extension, where it is another one than the extension's.
    opt_level_below: Option<&'static str>,
    /// Whether `docs/cargo-hpy.md` recommends it. The aims are meant for it.
    pub recommended: bool,
}

/// All of them, cargo's own first.
pub const PROFILES: &[Profile] = &[
    Profile {
        name: "cargo's own",
        settings: &[
            ("LTO", "false"),
            ("CODEGEN_UNITS", "16"),
            ("OPT_LEVEL", "3"),
        ],
        opt_level_below: None,
        recommended: false,
    },
    Profile {
        name: "`lto = \"fat\"`, `codegen-units = 1`",
        settings: &[("LTO", "fat"), ("CODEGEN_UNITS", "1"), ("OPT_LEVEL", "3")],
        opt_level_below: None,
        recommended: false,
    },
    Profile {
        name: "the same, `opt-level = \"z\"` for hpy's crates",
        settings: &[("LTO", "fat"), ("CODEGEN_UNITS", "1"), ("OPT_LEVEL", "3")],
        opt_level_below: Some("z"),
        recommended: true,
    },
    Profile {
        name: "the same, `opt-level = \"s\"` for all",
        settings: &[("LTO", "fat"), ("CODEGEN_UNITS", "1"), ("OPT_LEVEL", "s")],
        opt_level_below: None,
        recommended: false,
    },
];

/// Those that the recommended profile compiles for size.
pub const HPY_CRATES: [&str; 3] = ["hpy-core", "hpy-sys", "hpy-runtime"];

/// The same of PyO3.
pub const PYO3_CRATES: [&str; 2] = ["pyo3", "pyo3-ffi"];

impl Profile {
    /// The one that `docs/cargo-hpy.md` recommends.
    pub fn recommended() -> Option<&'static Profile> {
        PROFILES.iter().find(|profile| profile.recommended)
    }

    /// Has a release build use it, whatever the manifests and the environment say. `below` are the
    /// crates below the extension that may have a level of their own.
    pub fn set(&self, command: &mut Command, below: &[&str]) {
        for (key, value) in self.settings {
            command.env(format!("CARGO_PROFILE_RELEASE_{key}"), value);
        }
        for key in ["PANIC", "STRIP", "DEBUG"] {
            command.env_remove(format!("CARGO_PROFILE_RELEASE_{key}"));
        }
        command.env_remove("RUSTFLAGS");
        let Some(level) = self.opt_level_below else {
            return;
        };
        for package in below {
            let key = format!("profile.release.package.{package}.opt-level");
            command.arg("--config").arg(format!("{key}={level:?}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_profile_is_recommended() {
        assert_eq!(PROFILES.iter().filter(|one| one.recommended).count(), 1);
    }
}
