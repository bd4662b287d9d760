//! Flags for rustc, added to the user's own wherever those are.

use std::env;
use std::ffi::OsString;
use std::process::Command;

use serde_json::Value;

use crate::target::{System, Target};

/// The name inside a library for macOS. The linker's default is the path of the build. Python loads
/// extensions by their paths, so the name is not used.
const INSTALL_NAME: &str = "-Clink-arg=-Wl,-install_name,@rpath/python-extension.so";

/// What a library for `target` is linked with. `is_native` if the interpreter's symbols are left to
/// the loader.
pub(crate) fn of(target: &Target, is_native: bool) -> Vec<String> {
    let flags: &[&str] = match target.system() {
        // Apple's linker rejects unresolved symbols unless it is told that they are resolved at
        // load time.
        System::MacOs if is_native => &[
            INSTALL_NAME,
            "-Clink-arg=-undefined",
            "-Clink-arg=dynamic_lookup",
        ],
        System::MacOs => &[INSTALL_NAME],
        // rustc links musl statically by default, which no library that is loaded can be.
        System::LinuxMusl => &["-Ctarget-feature=-crt-static"],
        _ => &[],
    };
    flags.iter().map(|flag| (*flag).to_owned()).collect()
}

/// Adds `flags` to the call of cargo. Flags in the environment replace those of the configuration,
/// so these go where the user's are.
pub(crate) fn add(command: &mut Command, flags: Vec<String>) {
    const ENCODED: &str = "CARGO_ENCODED_RUSTFLAGS";
    if flags.is_empty() {
        return;
    }
    let encoded = variable(command, ENCODED).map(|flags| split(&flags, '\u{1f}'));
    let present =
        encoded.or_else(|| variable(command, "RUSTFLAGS").map(|flags| split(&flags, ' ')));
    match present {
        Some(mut all) => {
            all.extend(flags);
            command.env(ENCODED, all.join("\u{1f}"));
        }
        None => {
            // An array of strings is the same in JSON and TOML.
            let flags = Value::from(flags);
            command
                .arg("--config")
                .arg(format!("target.'cfg(all())'.rustflags = {flags}"));
        }
    }
}

fn split(flags: &str, separator: char) -> Vec<String> {
    let flags = flags.split(separator).map(str::trim);
    flags
        .filter(|flag| !flag.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The variable as cargo will see it.
fn variable(command: &Command, name: &str) -> Option<String> {
    let set = command.get_envs().find(|(key, _)| *key == name);
    let value = match set {
        Some((_, value)) => value.map(OsString::from),
        None => env::var_os(name),
    };
    value.map(|value| value.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn added(variables: &[(&str, &str)]) -> Command {
        let mut command = Command::new("cargo");
        for name in ["CARGO_ENCODED_RUSTFLAGS", "RUSTFLAGS"] {
            command.env_remove(name);
        }
        command.envs(variables.iter().copied());
        let target = Target::new("aarch64-apple-darwin");
        add(&mut command, of(&target, true));
        command
    }

    #[test]
    fn without_flags_in_the_environment_they_are_configuration() {
        let command = added(&[]);
        let arguments: Vec<_> = command
            .get_args()
            .map(|word| word.to_string_lossy())
            .collect();
        assert_eq!(arguments[0], "--config");
        assert!(
            arguments[1].ends_with("\"-Clink-arg=-undefined\",\"-Clink-arg=dynamic_lookup\"]"),
            "{arguments:?}"
        );
    }

    #[test]
    fn the_users_flags_stay_in_force() {
        for variables in [
            vec![("RUSTFLAGS", "-Cone  -Ctwo")],
            vec![
                ("RUSTFLAGS", "-Cno"),
                ("CARGO_ENCODED_RUSTFLAGS", "-Cone\u{1f}-Ctwo"),
            ],
        ] {
            let command = added(&variables);
            assert_eq!(command.get_args().count(), 0);
            let flags = variable(&command, "CARGO_ENCODED_RUSTFLAGS").unwrap();
            let flags: Vec<_> = flags.split('\u{1f}').collect();
            assert_eq!(
                flags,
                [
                    "-Cone",
                    "-Ctwo",
                    INSTALL_NAME,
                    "-Clink-arg=-undefined",
                    "-Clink-arg=dynamic_lookup"
                ]
            );
        }
    }

    #[test]
    fn each_target_has_the_flags_that_it_needs() {
        assert!(of(&Target::new("x86_64-unknown-linux-gnu"), true).is_empty());
        assert!(of(&Target::new("x86_64-pc-windows-gnu"), true).is_empty());
        assert_eq!(
            of(&Target::new("x86_64-apple-darwin"), false),
            [INSTALL_NAME]
        );
        assert_eq!(
            of(&Target::new("x86_64-unknown-linux-musl"), false),
            ["-Ctarget-feature=-crt-static"]
        );
    }
}
