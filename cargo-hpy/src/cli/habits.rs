//! Advice for options and commands of cargo and maturin that have another name here.

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue};

/// Adds advice to what clap says, if there is any for the argument.
pub(super) fn advise(error: &mut clap::Error) {
    let unknown = error
        .get(ContextKind::InvalidArg)
        .or(error.get(ContextKind::InvalidSubcommand));
    let Some(ContextValue::String(unknown)) = unknown else {
        return;
    };
    if let Some(advice) = advice(unknown) {
        let advice = ContextValue::StyledStrs(vec![StyledStr::from(advice)]);
        error.insert(ContextKind::Suggested, advice);
    }
}

fn advice(unknown: &str) -> Option<&'static str> {
    Some(match unknown.split('=').next()? {
        "-i" | "--interpreter" => "--python names an interpreter",
        "-o" => "--out names the folder for the files",
        "-r" => "--release builds with optimizations",
        "-m" | "--manifest-path" => "give the folder of Cargo.toml instead, without an option",
        "-F" | "--features" | "--all-features" | "--no-default-features" => {
            "set Cargo's features in pyproject.toml: [tool.hpy] with features = [\"…\"]"
        }
        "--offline" => "set the variable CARGO_NET_OFFLINE=true instead",
        "--profile" => "change the profile in Cargo.toml, under [profile.release]",
        "--strip" => "set strip = true in Cargo.toml, under [profile.release]",
        "--zig" | "--compatibility" | "--manylinux" => {
            "--glibc 2.17 links with Zig for nearly every Linux"
        }
        "--sdist" => "cargo hpy sdist makes the source archive",
        "publish" | "upload" => {
            "make the files with cargo hpy wheel --release and cargo hpy sdist, then upload them \
             with twine upload dist/*"
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::super::Cli;
    use super::*;

    fn message(line: &str) -> String {
        let mut error = Cli::try_parse_from(line.split(' ')).unwrap_err();
        advise(&mut error);
        error.to_string()
    }

    #[test]
    fn what_other_tools_call_otherwise_is_named() {
        for (line, advice) in [
            ("hpy wheel -i python3.9", "tip: --python names"),
            ("hpy wheel --features fast", "tip: set Cargo's features"),
            (
                "hpy wheel --manifest-path=x/Cargo.toml",
                "tip: give the folder",
            ),
            ("hpy build -o dist", "tip: --out names"),
            ("hpy upload", "tip: make the files with"),
        ] {
            let message = message(line);
            assert!(message.contains(advice), "{message}");
            assert!(!message.contains("as a value"), "{message}");
        }
        assert!(message("hpy whel").contains("'wheel'"));
    }
}
