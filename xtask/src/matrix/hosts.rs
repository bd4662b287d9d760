//! The rows of the matrix: each interpreter, together with what stands for HPy on it.
//!
//! ```text
//! cpython3.11                   the CPython ABI, with no package `hpy` there
//! cpython3.11                   the universal binary on its own runtime, with no package `hpy`
//!                               there
//! cpython3.11-hpy0.9.0          the universal binary under PyPI's hpy
//! cpython3.11-hpy0.9.0-debug    the same, in debug mode, with leak detection
//! cpython3.13-hpy-rs            the universal binary under this project's package `hpy`
//! cpython3.13-hpy-rs-debug      the same, in the package's debug mode, with leak detection
//! cpython3.13-unknown           the universal binary on its own runtime, which takes 3.13 for a
//!                               version newer than itself
//! pypy7.3.19                    the universal binary under the interpreter's own HPy
//! pypy7.3.19-debug              the same, in that HPy's debug mode, with leak detection
//! ```

use std::path::Path;

use hpy_tests::headers;
use hpy_tests::host::{self, Abi, Host};

use crate::interpreters::{Implementation, Interpreter};

/// Where the topics run under this project's package too: on the oldest Python and the newest,
/// without the GIL, and between. It is the runtime that the binaries have in them; HPy's own tests
/// (`cargo xtask conformance`) run under it on all of them. Its debug mode runs on every CPython.
const PACKAGED: [&str; 5] = [
    "cpython3.9",
    "cpython3.11",
    "cpython3.13",
    "cpython3.13t",
    "cpython3.15",
];

/// Where the topics run as on a CPython that does not exist yet: a version whose objects' layouts
/// are known otherwise, one where they are not, and without the GIL.
const UNKNOWN: [&str; 3] = ["cpython3.13", "cpython3.13t", "cpython3.15"];

/// The interpreters that bring an HPy of their own, with a debug mode.
const OWN_HPY: [&str; 2] = ["pypy7.3.19", "graalpy24"];

/// How the names end of an interpreter's rows that `cargo test` runs too.
pub const IN_CARGO_TEST: [&str; 3] = ["", "-hpy0.9.0", "-hpy0.9.0-debug"];

/// The rows that an interpreter stands for. `package` is the folder of this project's package
/// `hpy`.
pub fn of(interpreter: &Interpreter, package: &Path) -> Vec<Host> {
    let c_api = headers::of(&interpreter.executable);
    let host_of = |suffix: &str, abi| Host {
        name: format!("{}{suffix}", interpreter.name),
        interpreter: interpreter.name.to_string(),
        abi,
        python: interpreter.executable.clone(),
        packages: [&interpreter.pytest]
            .into_iter()
            .chain(&interpreter.numpy)
            .chain(&interpreter.arrow)
            .chain(&interpreter.greenlet)
            .cloned()
            .collect(),
        mode: None,
        without_hpy: false,
        slow_start: interpreter.implementation == Implementation::GraalPy,
        c_api,
        triple: None,
    };
    match interpreter.implementation {
        Implementation::CPython => {
            let bare = |abi| Host {
                without_hpy: true,
                ..host_of("", abi)
            };
            let mut hosts = vec![bare(Abi::Cpython), bare(Abi::Universal)];
            if let Some(python) = &interpreter.upstream {
                let upstream = |suffix, mode| Host {
                    python: python.clone(),
                    mode: Some(mode),
                    ..host_of(suffix, Abi::Universal)
                };
                hosts.push(upstream("-hpy0.9.0", "universal"));
                hosts.push(upstream("-hpy0.9.0-debug", "debug"));
            }
            let mut packaged = |suffix, mode| {
                let mut host = host_of(suffix, Abi::Universal);
                host.packages.push(package.to_path_buf());
                host.mode = Some(mode);
                hosts.push(host);
            };
            if PACKAGED.contains(&interpreter.name) {
                packaged("-hpy-rs", "universal");
            }
            packaged("-hpy-rs-debug", "debug");
            if UNKNOWN.contains(&interpreter.name) {
                hosts.push(Host {
                    without_hpy: true,
                    ..host_of(host::UNKNOWN, Abi::Universal)
                });
            }
            hosts
        }
        Implementation::PyPy | Implementation::GraalPy => {
            let own = host_of("", Abi::Universal);
            let debug = OWN_HPY.contains(&interpreter.name).then(|| Host {
                mode: Some("debug"),
                ..host_of("-debug", Abi::Universal)
            });
            [own].into_iter().chain(debug).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interpreters::WANTED;
    use std::path::PathBuf;

    fn interpreter(implementation: Implementation, upstream: Option<&str>) -> Interpreter {
        Interpreter {
            name: "cpython3.9",
            implementation,
            description: String::new(),
            executable: "python".into(),
            command: "command".into(),
            pytest: "pytest".into(),
            numpy: (implementation == Implementation::CPython).then(|| "numpy".into()),
            arrow: None,
            greenlet: None,
            upstream: upstream.map(PathBuf::from),
        }
    }

    #[test]
    fn upstreams_hpy_adds_a_row_for_each_of_its_modes() {
        let python = interpreter(Implementation::CPython, Some("venv/bin/python"));
        let hosts = of(&python, Path::new("package"));
        let rows: Vec<_> = hosts
            .iter()
            .map(|host| (host.name.as_str(), host.abi, host.mode))
            .collect();
        assert_eq!(
            rows,
            [
                ("cpython3.9", Abi::Cpython, None),
                ("cpython3.9", Abi::Universal, None),
                ("cpython3.9-hpy0.9.0", Abi::Universal, Some("universal")),
                ("cpython3.9-hpy0.9.0-debug", Abi::Universal, Some("debug")),
                ("cpython3.9-hpy-rs", Abi::Universal, Some("universal")),
                ("cpython3.9-hpy-rs-debug", Abi::Universal, Some("debug")),
            ]
        );
        assert!(hosts[0].without_hpy && hosts[1].without_hpy && !hosts[2].without_hpy);
        assert_eq!(hosts[2].python, PathBuf::from("venv/bin/python"));
        // Ours is put beside the interpreter itself, where upstream's is not.
        assert_eq!(hosts[4].python, PathBuf::from("python"));
        assert_eq!(
            hosts[4].packages,
            ["pytest", "numpy", "package"].map(PathBuf::from)
        );
    }

    #[test]
    fn further_rows_are_of_interpreters_that_there_are() {
        for name in PACKAGED.into_iter().chain(UNKNOWN).chain(OWN_HPY) {
            assert!(WANTED.iter().any(|row| row.name == name), "{name}");
        }
    }

    #[test]
    fn other_interpreters_run_the_universal_binary_only() {
        let rows_of = |name| {
            let pypy = Interpreter {
                name,
                ..interpreter(Implementation::PyPy, None)
            };
            let hosts = of(&pypy, Path::new("package"));
            assert!(hosts.iter().all(|host| host.abi == Abi::Universal));
            let rows = hosts.into_iter().map(|host| (host.name, host.mode));
            rows.collect::<Vec<_>>()
        };
        assert_eq!(rows_of("pypy8"), [("pypy8".into(), None)]);
        let debug = ("pypy7.3.19-debug".into(), Some("debug"));
        assert_eq!(rows_of("pypy7.3.19"), [("pypy7.3.19".into(), None), debug]);
    }
}
