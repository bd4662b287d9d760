//! The interpreters that are installed: pyenv's, uv's, those on PATH.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::probe::{Probed, probe};

/// All that start, pyenv's and uv's first: they bring headers, pip and a shared library, which a
/// distribution's may lack.
pub fn installed() -> Vec<Probed> {
    let mut seen = HashSet::new();
    candidates()
        .into_iter()
        .filter(|path| seen.insert(path.canonicalize().unwrap_or_else(|_| path.clone())))
        // What does not start (a pyenv shim of a version that is not chosen) is no interpreter.
        .filter_map(|path| probe(&path).ok())
        .collect()
}

fn candidates() -> Vec<PathBuf> {
    let home = std::env::var_os("HOME")
        .map(PathBuf::from)
        .unwrap_or_default();
    let folder = |variable: &str, default: PathBuf| {
        std::env::var_os(variable).map_or(default, PathBuf::from)
    };
    let pyenv = folder("PYENV_ROOT", home.join(".pyenv")).join("versions");
    let data = folder("XDG_DATA_HOME", home.join(".local/share"));
    let uv = folder("UV_PYTHON_INSTALL_DIR", data.join("uv/python"));

    let mut found = Vec::new();
    for versions in [pyenv, uv] {
        found.extend(
            entries(&versions)
                .into_iter()
                .map(|version| version.join("bin/python3")),
        );
    }
    for folder in std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()) {
        // Shims ask pyenv for a version and may answer "not chosen": pyenv's folder was searched
        // above.
        if folder.ends_with("shims") {
            continue;
        }
        let programs = entries(&folder)
            .into_iter()
            .filter(|path| is_interpreter_name(path));
        found.extend(programs);
    }
    found.retain(|path| path.is_file());
    found
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .map(|entries| entries.flatten().map(|entry| entry.path()).collect())
        .unwrap_or_default();
    paths.sort();
    paths
}

/// `python3`, `python3.13`, `python3.13t`, `pypy3`, `pypy3.11`, `graalpy`: not `python3-config`.
fn is_interpreter_name(path: &Path) -> bool {
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
        return false;
    };
    if name == "graalpy" {
        return true;
    }
    let Some(version) = name
        .strip_prefix("python3")
        .or_else(|| name.strip_prefix("pypy3"))
    else {
        return false;
    };
    let version = version.strip_suffix('t').unwrap_or(version);
    version.is_empty()
        || version.strip_prefix('.').is_some_and(|minor| {
            !minor.is_empty() && minor.bytes().all(|digit| digit.is_ascii_digit())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_interpreters_from_the_tools_beside_them() {
        for name in [
            "python3",
            "python3.9",
            "python3.13t",
            "pypy3",
            "pypy3.11",
            "graalpy",
        ] {
            assert!(is_interpreter_name(Path::new(name)), "{name}");
        }
        for name in [
            "python",
            "python3-config",
            "python3.11-config",
            "pypy3compile",
            "python3.",
            "pytest",
        ] {
            assert!(!is_interpreter_name(Path::new(name)), "{name}");
        }
    }
}
