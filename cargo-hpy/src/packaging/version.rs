//! Names and versions as Python's packaging tools write them.

use pep440_rs::{Version, VersionSpecifiers};

use crate::error::{Error, Result};

/// The normalized name of a distribution: `Fast.Words` -> `fast-words`.
pub(crate) fn normalized(name: &str) -> String {
    let mut normal = String::new();
    for character in name.chars() {
        if matches!(character, '-' | '_' | '.') {
            if !normal.ends_with('-') {
                normal.push('-');
            }
        } else {
            normal.extend(character.to_lowercase());
        }
    }
    normal
}

/// The name in a file's name: `fast-words` -> `fast_words`.
pub(crate) fn file_name(name: &str) -> String {
    normalized(name).replace('-', "_")
}

/// Whether the name of a distribution is valid.
pub(crate) fn is_name(name: &str) -> bool {
    let alphanumeric =
        |character: Option<char>| character.is_some_and(|c| c.is_ascii_alphanumeric());
    alphanumeric(name.chars().next())
        && alphanumeric(name.chars().next_back())
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
}

/// Cargo's version in Python's form: `1.2.0-rc.1` -> `1.2.0rc1`.
///
/// # Errors
///
/// If Python has no such kind of pre-release.
pub(crate) fn from_cargo(version: &str) -> Result<String> {
    let (rest, build) = match version.split_once('+') {
        Some((rest, build)) => (rest, Some(build)),
        None => (version, None),
    };
    let (numbers, before) = match rest.split_once('-') {
        Some((numbers, before)) => (numbers, Some(before)),
        None => (rest, None),
    };
    let mut python = numbers.to_owned();
    if let Some(before) = before {
        let split = before.find(|c: char| !c.is_ascii_alphabetic());
        let (kind, number) = before.split_at(split.unwrap_or(before.len()));
        let number = number.trim_start_matches(['.', '-']);
        let number = if number.is_empty() { "0" } else { number };
        let kind = match kind {
            "a" | "alpha" => "a",
            "b" | "beta" => "b",
            "c" | "rc" | "pre" => "rc",
            "dev" => ".dev",
            _ => "",
        };
        if kind.is_empty() || !number.chars().all(|c| c.is_ascii_digit()) {
            return Err(Error::new(format!(
                "the version {version} has no equivalent in Python"
            ))
            .advise(
                "name the pre-release alpha.N, beta.N, rc.N or dev.N in Cargo.toml, or write the \
                 version in pyproject.toml",
            ));
        }
        python.push_str(kind);
        python.push_str(number);
    }
    if let Some(build) = build {
        python.push('+');
        python.push_str(&build.replace('-', "."));
    }
    Ok(python)
}

/// A version in the one form that stands in files' names: `1.2-Beta` -> `1.2b0`.
pub(crate) fn normalized_version(version: &str) -> Option<String> {
    let version: Version = version.trim().parse().ok()?;
    Some(version.to_string())
}

/// Whether this says which versions are meant: `>=3.9, !=3.10.1`.
pub(crate) fn is_specifiers(text: &str) -> bool {
    text.parse::<VersionSpecifiers>().is_ok()
}

/// Whether this can be a dependency. Only its beginning is looked at, where most mistakes are: a
/// name, perhaps with extras, and then a version, a URL or a marker.
pub(crate) fn is_dependency(text: &str) -> bool {
    let text = text.trim();
    let in_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let (name, rest) = text.split_at(text.find(|c| !in_name(c)).unwrap_or(text.len()));
    let mut rest = rest.trim_start();
    if let Some(extras) = rest.strip_prefix('[') {
        let Some((_, after)) = extras.split_once(']') else {
            return false;
        };
        rest = after.trim_start();
    }
    let specifiers = rest.split(';').next().unwrap_or_default();
    let specifiers = specifiers.trim().trim_matches(['(', ')']);
    is_name(name) && (rest.starts_with('@') || specifiers.is_empty() || is_specifiers(specifiers))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_normalized() {
        assert_eq!(normalized("Fast._Words-x"), "fast-words-x");
        assert_eq!(file_name("Fast._Words-x"), "fast_words_x");
        assert!(is_name("a") && is_name("a.b-c_1"));
        assert!(!is_name("") && !is_name("-a") && !is_name("a b") && !is_name("ä"));
    }

    #[test]
    fn pre_releases_have_pythons_names() {
        for (cargo, python) in [
            ("1.2.3", "1.2.3"),
            ("1.2.0-alpha.1", "1.2.0a1"),
            ("1.2.0-beta2", "1.2.0b2"),
            ("1.2.0-rc.10", "1.2.0rc10"),
            ("1.2.0-dev", "1.2.0.dev0"),
            ("1.2.0+linux-1", "1.2.0+linux.1"),
        ] {
            assert_eq!(from_cargo(cargo).unwrap(), python);
        }
        let error = from_cargo("1.0.0-nightly.1").unwrap_err().to_string();
        assert!(error.contains("alpha.N"), "{error}");
    }

    #[test]
    fn versions_have_one_form() {
        for (written, normal) in [
            ("1.2.0", "1.2.0"),
            ("01.02.RC1", "1.2rc1"),
            ("v1.2-beta", "1.2b0"),
            ("1.0+Local-x", "1.0+local.x"),
            ("2!1.0.post1.dev2", "2!1.0.post1.dev2"),
        ] {
            assert_eq!(normalized_version(written).as_deref(), Some(normal));
        }
        for wrong in ["", "not.a.version", "1..2", "1.2 3", "../1"] {
            assert_eq!(normalized_version(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn dependencies_have_a_name_and_then_a_version() {
        for right in [
            "six",
            "six>=1.2,<3",
            "six (>=1.2)",
            "a.b[c, d]==1.*; python_version < '4'",
            "six ; os_name == 'nt'",
            "x @ https://example.org/x.whl",
        ] {
            assert!(is_dependency(right), "{right:?}");
        }
        for wrong in [
            "",
            "foo bar",
            "foo >= banana",
            "foo[bar",
            "-e .",
            "./x",
            ">=1",
        ] {
            assert!(!is_dependency(wrong), "{wrong:?}");
        }
        assert!(is_specifiers(">=3.9") && !is_specifiers("banana"));
    }
}
