//! What the landing run leaves out of the whole matrix, and why.
//!
//! A rule leaves out of a row what another stage of `.ci/run` covers, or what takes minutes there.
//! `docs/design/ci.md` has the measurements.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use cargo_hpy::Interpreter;
use hpy_tests::host::{Abi, Host};
use hpy_tests::topics::{Bound, Topic};

use super::hosts::IN_CARGO_TEST;
use crate::platforms;

/// What both GraalPys run: each calls another part of their C API.
const SMOKE: [&str; 8] = [
    "buffers",
    "errors",
    "handles",
    "quickstart",
    "raw_words",
    "signatures",
    "type_bases",
    "type_buffers",
];

/// What runs without the GIL on other versions than 3.13: where threads, the import or the layout
/// of objects matter.
const FREE_THREADED: [&str; 12] = [
    "containers",
    "ended_threads",
    "handles",
    "hello",
    "many_interpreters",
    "numeric_lists",
    "parallel",
    "quickstart",
    "threads",
    "torture",
    "types_in_rust",
    "ways_to_import",
];

/// What runs in the package's debug mode: every kind of function, threads, and text.
const DEBUGGED: [&str; 6] = [
    "handles",
    "objects",
    "signatures",
    "threads",
    "type_fields",
    "type_slots",
];

/// Where they do.
const DEBUGGED_ON: [&str; 2] = ["cpython3.13t", "cpython3.15"];

/// What runs in the debug mode that an interpreter brings with its own HPy: the functions of a
/// module, its globals, and calls within calls. Leaks are looked for by collecting before and after
/// each test, which takes long there.
const DEBUGGED_BY_ITSELF: [&str; 4] = ["globals", "modules", "quickstart", "signatures"];

/// CPython without the GIL, beside 3.13.
const LIKE_3_13T: [&str; 2] = ["cpython3.14t", "cpython3.15t"];

/// Ports of extensions, each of which builds some dozens of crates.
const PORTS: [&str; 3] = ["blake3", "jellyfish", "nh3"];

/// What runs them: the oldest and the newest CPython, one without the GIL, a PyPy of each kind.
const PORTS_RUN_ON: [&str; 5] = [
    "cpython3.9",
    "cpython3.13t",
    "cpython3.15",
    "pypy7.3.19",
    "pypy8",
];

const PORTS_ELSEWHERE: &str = "a port's crates take long to build, and what it needs of this row \
                               has a topic of its own";
const DEBUGGED_ELSEWHERE: &str =
    "debug mode is the same code for each topic and version, and HPy's own tests run in it on all";
const COLLECTS_LONG: &str = "the interpreter's collector runs before and after each test";
const FREE_THREADED_ONLY: &str = "3.13t runs all topics without the GIL";
const SMOKE_ONLY: &str = "GraalPy is slow and runs a few topics";
const EMULATED_CPYTHON: &str = "one binary runs on all versions, and this ABI takes one for each";
const EMULATED: &str = "emulators are slow and run a few topics";
const TESTED: &str = "`cargo test --workspace` runs it on this very interpreter";

/// Whole rows that are left out, with the reason.
const ROWS: [(&str, Abi, &str); 6] = [
    ("cpython3.9-hpy0.9.0-debug", Abi::Universal, PYPI),
    ("cpython3.10-hpy0.9.0", Abi::Universal, PYPI),
    ("cpython3.10-hpy0.9.0-debug", Abi::Universal, PYPI),
    ("cpython3.11-hpy-rs", Abi::Universal, PACKAGE),
    ("cpython3.13-hpy-rs", Abi::Universal, PACKAGE),
    ("cpython3.15-unknown", Abi::Universal, NO_LAYOUTS),
];

/// Where nothing is built against the headers: no part of the CPython ABI is for these alone.
const BETWEEN: [&str; 3] = ["cpython3.10", "cpython3.12", "cpython3.14"];

const LIKE_ITS_NEIGHBOURS: &str =
    "its CPython ABI has the code of the versions before and after it";
const PYPI: &str = "PyPI's hpy is the same for each version, and runs on another one";
const PACKAGE: &str = "the package is the bundled runtime, and runs on other versions";
const NO_LAYOUTS: &str = "no layout of this version is known anyway";

/// The rules of the landing run.
#[derive(Debug, Default)]
pub struct Landing {
    /// The interpreter that `cargo test --workspace` runs the topics on, by its row's name.
    tested: Option<String>,
}

impl Landing {
    /// `tested` is the interpreter of `cargo test`: any row that has the same installation is it.
    pub fn new(hosts: &[Host], tested: Option<&Interpreter>) -> Landing {
        let is_tested = |host: &&Host| {
            let python = Interpreter::find(Some(host.python.as_os_str())).ok();
            python.is_some_and(|python| {
                tested.is_some_and(|tested| {
                    tested.base_prefix == python.base_prefix
                        && tested.ext_suffix == python.ext_suffix
                })
            })
        };
        let mut natives = hosts.iter().filter(|host| host.abi == Abi::Cpython);
        Landing {
            tested: natives.find(is_tested).map(|host| host.interpreter.clone()),
        }
    }

    /// Why a topic is left out of a row, if it is.
    ///
    /// # Errors
    /// If the topic's tests cannot be read.
    pub fn leaves_out(&self, host: &Host, topic: &Topic) -> Result<Option<&'static str>> {
        if host.triple.is_some() {
            let is_run = platforms::LANDING.contains(&topic.name.as_str());
            return Ok(match host.abi {
                Abi::Cpython => Some(EMULATED_CPYTHON),
                Abi::Universal => (!is_run).then_some(EMULATED),
            });
        }
        if host.mode == Some("debug") && !host.name.starts_with("cpython") {
            let is_run = DEBUGGED_BY_ITSELF.contains(&topic.name.as_str());
            return Ok((!is_run).then_some(COLLECTS_LONG));
        }
        if host.slow_start {
            let is_smoke = SMOKE.contains(&topic.name.as_str());
            return Ok((!is_smoke).then_some(SMOKE_ONLY));
        }
        if host.name.ends_with("-hpy-rs-debug") {
            let is_run = DEBUGGED.contains(&topic.name.as_str())
                && DEBUGGED_ON.contains(&host.interpreter.as_str());
            return Ok((!is_run).then_some(DEBUGGED_ELSEWHERE));
        }
        if PORTS.contains(&topic.name.as_str()) {
            let is_run = host.abi == Abi::Universal && PORTS_RUN_ON.contains(&host.name.as_str());
            return Ok((!is_run).then_some(PORTS_ELSEWHERE));
        }
        if LIKE_3_13T.contains(&host.interpreter.as_str())
            && !FREE_THREADED.contains(&topic.name.as_str())
        {
            return Ok(Some(FREE_THREADED_ONLY));
        }
        let row = |(name, abi, _): &&(&str, Abi, _)| *name == host.name && *abi == host.abi;
        if let Some((_, _, reason)) = ROWS.iter().find(row) {
            return Ok(Some(reason));
        }
        let is_built = host.abi == Abi::Cpython || topic.bound != Bound::Free;
        if is_built && BETWEEN.contains(&host.interpreter.as_str()) {
            return Ok(Some(LIKE_ITS_NEIGHBOURS));
        }
        let suffix = host.name.strip_prefix(&host.interpreter);
        let is_tested = self.tested.as_ref() == Some(&host.interpreter)
            && suffix.is_some_and(|suffix| IN_CARGO_TEST.contains(&suffix));
        if is_tested && !needs_more_than_cargo_test_has(topic)? {
            return Ok(Some(TESTED));
        }
        Ok(None)
    }
}

/// `cargo test` builds no PyO3 and installs none of [`PACKAGES`].
fn needs_more_than_cargo_test_has(topic: &Topic) -> Result<bool> {
    if topic.bound == Bound::PyO3 {
        return Ok(true);
    }
    for test in &topic.tests {
        if mentions_packages(test)? {
            return Ok(true);
        }
    }
    Ok(false)
}

const PACKAGES: [&str; 3] = ["numpy", "pyarrow", "polars"];

fn mentions_packages(test: &Path) -> Result<bool> {
    let text =
        std::fs::read_to_string(test).with_context(|| format!("cannot read {}", test.display()))?;
    let imports = |package| {
        [
            format!("import {package}"),
            format!("importorskip(\"{package}\""),
        ]
    };
    let is_needed = |package| imports(package).iter().any(|line| text.contains(line));
    Ok(PACKAGES.iter().any(is_needed))
}

/// What is left out, a line for rows that leave out the same topics for the same reason.
pub fn report(left_out: &[(&Host, &Topic, &'static str)], topics: usize) -> String {
    let mut by_row: BTreeMap<(String, &str), Vec<&str>> = BTreeMap::new();
    for (host, topic, reason) in left_out {
        let row = format!("{} ({})", host.name, host.abi.name());
        by_row.entry((row, reason)).or_default().push(&topic.name);
    }
    let mut rows: BTreeMap<(&str, Vec<&str>), Vec<String>> = BTreeMap::new();
    for ((row, reason), names) in by_row {
        rows.entry((reason, names)).or_default().push(row);
    }
    let line = |((reason, names), rows): ((&str, Vec<&str>), Vec<String>)| {
        if names.len() == topics {
            return format!("left out of {}: everything, as {reason}\n", rows.join(", "));
        }
        format!(
            "left out of {}: {} of {topics} topics, as {reason}: {}\n",
            rows.join(", "),
            names.len(),
            names.join(", ")
        )
    };
    rows.into_iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use hpy_tests::headers::CApi;
    use hpy_tests::topics;

    fn host(name: &str, slow_start: bool) -> Host {
        Host {
            name: name.into(),
            interpreter: name.split('-').next().unwrap_or_default().into(),
            abi: Abi::Universal,
            python: "python".into(),
            packages: Vec::new(),
            mode: None,
            without_hpy: false,
            slow_start,
            c_api: CApi::NONE,
            triple: None,
        }
    }

    fn all() -> Vec<Topic> {
        topics::find(&hpy_tests::checkout(), &[]).unwrap()
    }

    fn run_on(landing: &Landing, host: &Host) -> Vec<String> {
        let runs = |topic: &Topic| landing.leaves_out(host, topic).unwrap().is_none();
        let topics = all().into_iter().filter(runs);
        topics.map(|topic| topic.name).collect()
    }

    #[test]
    fn graalpy_runs_the_smoke_topics() {
        let mut run = run_on(&Landing::default(), &host("graalpy24", true));
        run.sort_unstable();
        assert_eq!(run, SMOKE);
    }

    #[test]
    fn free_threaded_rows_run_what_threads_matter_to() {
        let mut run = run_on(&Landing::default(), &host("cpython3.14t", false));
        run.sort_unstable();
        assert_eq!(run, FREE_THREADED);
        let of_3_13t = run_on(&Landing::default(), &host("cpython3.13t", false));
        assert_eq!(of_3_13t.len(), all().len());
    }

    #[test]
    fn a_few_topics_run_in_debug_mode() {
        for (name, expected) in [
            ("cpython3.15-hpy-rs-debug", DEBUGGED.as_slice()),
            ("cpython3.9-hpy-rs-debug", &[]),
            ("pypy7.3.19-debug", &DEBUGGED_BY_ITSELF),
            ("graalpy24-debug", &DEBUGGED_BY_ITSELF),
        ] {
            let debugged = Host {
                mode: Some("debug"),
                ..host(name, name.starts_with("graalpy"))
            };
            let mut run = run_on(&Landing::default(), &debugged);
            run.sort_unstable();
            assert_eq!(run, expected);
        }
    }

    #[test]
    fn what_cargo_test_has_run_is_not_run_again() {
        let landing = Landing {
            tested: Some("cpython3.11".into()),
        };
        let run = run_on(&landing, &host("cpython3.11-hpy0.9.0", false));
        for name in ["incremental_pyo3", "buffers", "matrix"] {
            assert!(run.iter().any(|topic| topic == name), "{name}");
        }
        assert!(run.len() < 10, "{run:?}");
        for name in ["cpython3.9-hpy-rs", "cpython3.11-unknown"] {
            let but_ports = all().len() - PORTS.len();
            assert_eq!(run_on(&landing, &host(name, false)).len(), but_ports);
        }
        let run = run_on(&landing, &host("cpython3.9", false));
        assert_eq!(run.len(), all().len());
    }

    #[test]
    fn ports_run_in_one_universal_file_on_a_few_interpreters() {
        let landing = Landing::default();
        let ports_on = |host: &Host| {
            let mut run = run_on(&landing, host);
            run.retain(|topic| PORTS.contains(&topic.as_str()));
            run.sort_unstable();
            run
        };
        for name in PORTS_RUN_ON {
            assert_eq!(ports_on(&host(name, false)), PORTS);
            let cpython = Host {
                abi: Abi::Cpython,
                ..host(name, false)
            };
            assert!(ports_on(&cpython).is_empty());
        }
        for name in ["cpython3.9-hpy0.9.0", "cpython3.13", "cpython3.14t"] {
            assert!(ports_on(&host(name, false)).is_empty());
        }
    }

    #[test]
    fn nothing_is_built_for_versions_between() {
        let universal = host("cpython3.14", false);
        let cpython = Host {
            abi: Abi::Cpython,
            ..host("cpython3.14", false)
        };
        let landing = Landing::default();
        let free = all()
            .iter()
            .filter(|topic| topic.bound == Bound::Free && !PORTS.contains(&topic.name.as_str()))
            .count();
        assert!(free < all().len());
        assert_eq!(run_on(&landing, &universal).len(), free);
        assert!(run_on(&landing, &cpython).is_empty());
    }

    #[test]
    fn rows_that_leave_out_the_same_share_a_line() {
        let topics = all();
        let hosts = [host("a", true), host("b", true)];
        let left_out: Vec<_> = hosts
            .iter()
            .map(|host| (host, &topics[0], SMOKE_ONLY))
            .collect();
        let name = &topics[0].name;
        assert_eq!(
            report(&left_out, 7),
            format!(
                "left out of a (universal), b (universal): 1 of 7 topics, as {SMOKE_ONLY}: {name}\n"
            )
        );
    }
}
