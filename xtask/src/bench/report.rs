//! The tables: for people, as JSON, and in `docs/benchmarks.md` between marks.

use std::fmt::Write;

use cargo_hpy::Interpreter;
use serde_json::{Value, json};

use super::cold::Build;
use super::machine::{key, machine};
use super::methods::{METHODS, Methods, Times};
use super::packages::Packages;
use super::page::{self, Section};
use super::peers::{C, Peer};
use super::rows::Measured;
use super::series::Series;
use super::{Arguments, Group, nanobind};

/// The table of the rows.
pub fn rows(
    interpreter: &Interpreter,
    group: Group,
    peers: &[Peer],
    packages: &Packages,
    measured: &Measured,
    arguments: &Arguments,
) -> Section {
    let mut text = format!("### {interpreter}\n\n");
    let key = match group {
        Group::Calls => key(interpreter),
        _ => {
            text = format!("### {interpreter}, {}\n\n", group.name());
            format!("{}-{}", key(interpreter), group.name())
        }
    };
    let reference = group.reference();
    let others: Vec<&Peer> = peers.iter().filter(|peer| peer.name != reference).collect();
    let _ = write!(text, "| row | {reference} |");
    for peer in &others {
        let _ = write!(text, " {} |", peer.name);
    }
    text += "\n|---|---:|";
    text += &"---:|".repeat(others.len());
    for row in &measured.0 {
        let time = row
            .quickest(reference)
            .map_or_else(String::new, nanoseconds);
        let _ = write!(text, "\n| {} | {time} |", row.name);
        for peer in &others {
            let _ = match row.ratio(peer.name, reference) {
                Some(ratio) => write!(text, " {ratio:.2} |"),
                None => write!(text, " |"),
            };
        }
    }
    let mut means = |heading: &str, mean: &dyn Fn(&str) -> Option<f64>| {
        let _ = write!(text, "\n| **{heading}** | |");
        for peer in &others {
            let _ = match mean(peer.name) {
                Some(mean) => write!(text, " **{mean:.2}** |"),
                None => write!(text, " |"),
            };
        }
    };
    means("geometric mean", &|peer| measured.mean(peer, reference));
    if measured.has_special() {
        means("without `write_floats`", &|peer| {
            measured.general_mean(peer, reference)
        });
    }
    text += "\n| size, stripped |";
    let first = peers.iter().filter(|peer| peer.name == reference);
    for peer in first.chain(others) {
        let _ = write!(text, " {} |", kilobytes(peer.size));
    }
    let mut told = String::new();
    let _ = write!(
        told,
        "Time of one call {} {reference}; of the others, the ratio to it. {} processes, {} samples \
         each, the quickest counts. {}",
        if reference == C { "in" } else { "with" },
        arguments.processes,
        arguments.repeats,
        machine()
    );
    if let Some(versions) = &packages.versions {
        let _ = write!(told, " {versions}.");
    }
    if peers.iter().any(|peer| peer.name == "nanobind") {
        let _ = write!(told, " nanobind {}.", nanobind::VERSION);
    }
    text += "\n\n";
    text += &page::wrapped(&told);
    Section { key, text }
}

/// The results of the rows.
pub fn rows_json(
    interpreter: &Interpreter,
    group: Group,
    peers: &[Peer],
    measured: &Measured,
) -> Value {
    let reference = group.reference();
    let rows: Vec<Value> = measured
        .0
        .iter()
        .map(|row| {
            let peers = row.times.keys();
            let ratios: serde_json::Map<String, Value> = peers
                .map(|peer| (peer.clone(), json!(row.ratio(peer, reference))))
                .collect();
            json!({ "row": row.name, "nanoseconds": row.times, "ratio": ratios })
        })
        .collect();
    let peers: Vec<Value> = peers
        .iter()
        .map(|peer| {
            let mean = measured.mean(peer.name, reference);
            json!({ "name": peer.name, "size": peer.size, "geometric mean": mean })
        })
        .collect();
    json!({
        "interpreter": interpreter.to_string(),
        "key": key(interpreter),
        "group": group.name(),
        "reference": reference,
        "machine": machine(),
        "peers": peers,
        "rows": rows,
    })
}

/// The table of cold builds.
pub fn builds(
    interpreter: &Interpreter,
    builds: &[Build],
    methods: &[Methods],
    rounds: usize,
) -> Section {
    let mut text = String::from(
        "| hello in | crates compiled | `cargo build`, s | `cargo build --release`, s | size, \
         stripped |\n\
         |---|---:|---:|---:|---:|",
    );
    let reference = builds.iter().find(|build| build.name == REFERENCE);
    for build in builds {
        let debug = reference.and_then(|row| row.debug.as_ref());
        let _ = write!(
            text,
            "\n| {} | {} | {} | {} | {} |",
            build.name,
            build.crates,
            build
                .debug
                .as_ref()
                .map_or_else(String::new, |series| seconds(series, debug)),
            seconds(&build.release, reference.map(|row| &row.release)),
            kilobytes(build.size),
        );
    }
    let _ = write!(
        text,
        "\n\n\
         | {METHODS} methods in | `cargo build`, s | after a change, s | `cargo build --release`, \
         s | after a change, s |\n\
         |---|---:|---:|---:|---:|"
    );
    let reference = methods.iter().find(|row| row.name == REFERENCE);
    for row in methods {
        let _ = write!(
            text,
            "\n| {} | {} | {} | {} | {} |",
            row.name,
            seconds(&row.debug.cold, reference.map(|row| &row.debug.cold)),
            seconds(&row.debug.changed, reference.map(|row| &row.debug.changed)),
            seconds(&row.release.cold, reference.map(|row| &row.release.cold)),
            seconds(
                &row.release.changed,
                reference.map(|row| &row.release.changed)
            ),
        );
    }
    let _ = write!(
        text,
        "\n\n\
         Medians of {rounds} rounds; behind them the medians of the ratios to {REFERENCE} in the \
         same round. For {interpreter}. {}",
        machine()
    );
    Section {
        key: "builds".into(),
        text,
    }
}

/// The row that builds are compared with.
const REFERENCE: &str = "PyO3";

/// A time, and its ratio to that of the reference.
fn seconds(series: &Series, reference: Option<&Series>) -> String {
    let ratio = reference.map_or(f64::NAN, |reference| series.ratio(reference));
    format!("{:.1} ({ratio:.2})", series.median())
}

/// The results of cold builds.
pub fn builds_json(interpreter: &Interpreter, builds: &[Build], methods: &[Methods]) -> Value {
    let builds: Vec<Value> = builds
        .iter()
        .map(|build| {
            json!({
                "name": build.name,
                "crates": build.crates,
                "debug seconds": build.debug.as_ref().map(Series::all),
                "release seconds": build.release.all(),
                "size": build.size,
            })
        })
        .collect();
    let methods: Vec<Value> = methods
        .iter()
        .map(|row| {
            let times = |times: &Times| {
                json!({
                    "cold seconds": times.cold.all(),
                    "changed seconds": times.changed.all(),
                })
            };
            json!({ "name": row.name, "debug": times(&row.debug), "release": times(&row.release) })
        })
        .collect();
    json!({
        "interpreter": interpreter.to_string(),
        "machine": machine(),
        "builds": builds,
        "methods": methods,
    })
}

pub fn nanoseconds(time: f64) -> String {
    if time < 1000.0 {
        format!("{time:.1} ns")
    } else {
        format!("{:.2} µs", time / 1000.0)
    }
}

fn kilobytes(size: u64) -> String {
    if size == 0 {
        // A peer in Python.
        return String::new();
    }
    format!("{:.0} KB", size as f64 / 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_fitting_units() {
        assert_eq!(nanoseconds(19.24), "19.2 ns");
        assert_eq!(nanoseconds(2803.0), "2.80 µs");
        assert_eq!(kilobytes(401_200), "401 KB");
    }
}
