//! Running the driver, and what it found.

use std::collections::BTreeMap;
use std::process::Command;

use anyhow::{Context, Result};
use cargo_hpy::Interpreter;

use super::commands::output;
use super::packages::Packages;
use super::peers::Peer;
use super::{Arguments, Group};

/// A row: the nanoseconds of a call by peer, one time per process, which is its quickest sample.
#[derive(Clone, Debug)]
pub struct Row {
    pub name: String,
    pub times: BTreeMap<String, Vec<f64>>,
}

impl Row {
    /// The quickest of all processes.
    pub fn quickest(&self, peer: &str) -> Option<f64> {
        self.times.get(peer)?.iter().copied().reduce(f64::min)
    }

    /// The ratio to the reference.
    pub fn ratio(&self, peer: &str, reference: &str) -> Option<f64> {
        Some(self.quickest(peer)? / self.quickest(reference)?)
    }

    /// The ratios to another peer, each within a process.
    pub fn ratios(&self, peer: &str, to: &str) -> Vec<f64> {
        match (self.times.get(peer), self.times.get(to)) {
            (Some(times), Some(others)) => times.iter().zip(others).map(|(a, b)| a / b).collect(),
            _ => Vec::new(),
        }
    }

    /// Whether hpy does something here that it does in a special case alone: the row
    /// `write_shared` is the general case.
    pub fn is_special(&self) -> bool {
        self.name == "write_floats"
    }
}

/// The rows in their order.
#[derive(Debug, Default)]
pub struct Measured(pub Vec<Row>);

impl Measured {
    /// Adds what one more process measured.
    fn add(&mut self, process: Process) {
        if self.0.is_empty() {
            let empty = |(name, _): &(String, _)| Row {
                name: name.clone(),
                times: BTreeMap::new(),
            };
            self.0 = process.iter().map(empty).collect();
        }
        for (row, (_, found)) in self.0.iter_mut().zip(process) {
            for (peer, time) in found {
                row.times.entry(peer).or_default().push(time);
            }
        }
    }

    /// The geometric mean of the ratios to the reference, of all rows.
    pub fn mean(&self, peer: &str, reference: &str) -> Option<f64> {
        mean(self.0.iter().filter_map(|row| row.ratio(peer, reference)))
    }

    /// The mean without the special cases.
    pub fn general_mean(&self, peer: &str, reference: &str) -> Option<f64> {
        let general = self.0.iter().filter(|row| !row.is_special());
        mean(general.filter_map(|row| row.ratio(peer, reference)))
    }

    pub fn has_special(&self) -> bool {
        self.0.iter().any(Row::is_special)
    }
}

/// The geometric mean.
fn mean(ratios: impl Iterator<Item = f64>) -> Option<f64> {
    let logs: Vec<f64> = ratios.map(f64::ln).collect();
    (!logs.is_empty()).then(|| (logs.iter().sum::<f64>() / logs.len() as f64).exp())
}

/// Measures the peers.
///
/// # Errors
/// If a peer cannot be imported or gives a wrong result.
pub fn measure(
    interpreter: &Interpreter,
    group: Group,
    peers: &[Peer],
    packages: &Packages,
    arguments: &Arguments,
) -> Result<Measured> {
    let mut all = Measured::default();
    for process in 1..=arguments.processes {
        eprintln!(
            "   Measuring {} on {interpreter}, process {process} of {}",
            group.name(),
            arguments.processes
        );
        let repeats = arguments.repeats;
        all.add(once(interpreter, group, peers, packages, repeats)?);
    }
    Ok(all)
}

/// A process's rows, in their order.
type Process = Vec<(String, BTreeMap<String, f64>)>;

fn once(
    interpreter: &Interpreter,
    group: Group,
    peers: &[Peer],
    packages: &Packages,
    repeats: u32,
) -> Result<Process> {
    let mut command = Command::new(&interpreter.path);
    command.arg(hpy_tests::checkout().join("bench/driver.py"));
    command.arg(group.name()).arg(repeats.to_string());
    for peer in peers {
        let mut argument = std::ffi::OsString::from(format!("{}={}=", peer.name, peer.module));
        argument.push(&peer.folder);
        command.arg(argument);
    }
    // A universal binary then uses the interpreter's own HPy, or else the runtime that it carries.
    command.env_remove("PYTHONPATH").env_remove("HPY");
    if !packages.folders.is_empty() {
        command.env("PYTHONPATH", std::env::join_paths(&packages.folders)?);
    }
    let answer = output(&mut command)?;
    serde_json::from_str(&answer).with_context(|| format!("the driver printed {answer:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quickest_of_all_processes_counts_and_the_mean_is_geometric() {
        let mut all = Measured::default();
        for process in [
            r#"[["a", {"C": 10, "x": 40}], ["write_floats", {"C": 8, "x": 4}]]"#,
            r#"[["a", {"C": 11, "x": 20}], ["write_floats", {"C": 4, "x": 5}]]"#,
        ] {
            all.add(serde_json::from_str(process).unwrap());
        }
        assert_eq!(all.0[0].ratio("x", "C"), Some(2.0));
        assert_eq!(all.0[1].ratio("x", "C"), Some(1.0));
        assert_eq!(all.0[1].ratios("x", "C"), [0.5, 1.25]);
        let mean = all.mean("x", "C").unwrap();
        assert!((mean - 2f64.sqrt()).abs() < 1e-9, "{mean}");
        assert_eq!(all.general_mean("x", "C"), Some(2.0));
        assert_eq!(all.mean("absent", "C"), None);
    }
}
