//! Running the driver, and what it found.

use std::collections::BTreeMap;
use std::process::Command;

use anyhow::{Context, Result};
use cargo_hpy::Interpreter;

use super::commands::output;
use super::peers::{C, Peer};
use super::{Arguments, Group};

/// The rows in their order, each with the nanoseconds of a call by peer.
#[derive(Debug, Default)]
pub struct Measured(pub Vec<(String, BTreeMap<String, f64>)>);

impl Measured {
    /// The quicker of both for each row and peer.
    fn merge(&mut self, other: Measured) {
        if self.0.is_empty() {
            *self = other;
            return;
        }
        for ((_, best), (_, found)) in self.0.iter_mut().zip(other.0) {
            for (peer, time) in found {
                let best = best.entry(peer).or_insert(time);
                *best = best.min(time);
            }
        }
    }

    /// The geometric mean of the ratios to C.
    pub fn mean(&self, peer: &str) -> Option<f64> {
        let logs: Vec<f64> = self
            .0
            .iter()
            .filter_map(|(_, times)| ratio(times, peer).map(f64::ln))
            .collect();
        (!logs.is_empty()).then(|| (logs.iter().sum::<f64>() / logs.len() as f64).exp())
    }
}

/// The ratio to C.
pub fn ratio(times: &BTreeMap<String, f64>, peer: &str) -> Option<f64> {
    Some(times.get(peer)? / times.get(C)?)
}

/// Measures the peers.
///
/// # Errors
/// If a peer cannot be imported or gives a wrong result.
pub fn measure(
    interpreter: &Interpreter,
    group: Group,
    peers: &[Peer],
    arguments: &Arguments,
) -> Result<Measured> {
    let mut best = Measured::default();
    for process in 1..=arguments.processes {
        eprintln!(
            "   Measuring {} on {interpreter}, process {process} of {}",
            group.name(),
            arguments.processes
        );
        best.merge(once(interpreter, group, peers, arguments.repeats)?);
    }
    Ok(best)
}

fn once(interpreter: &Interpreter, group: Group, peers: &[Peer], repeats: u32) -> Result<Measured> {
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
    let answer = output(&mut command)?;
    parse(&answer).with_context(|| format!("the driver printed {answer:?}"))
}

/// A list of rows, so that their order is kept.
fn parse(answer: &str) -> Result<Measured> {
    Ok(Measured(serde_json::from_str(answer)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quickest_of_all_processes_counts_and_the_mean_is_geometric() {
        let mut best = Measured::default();
        best.merge(parse(r#"[["a", {"C": 10, "x": 40}], ["b", {"C": 8, "x": 4}]]"#).unwrap());
        best.merge(parse(r#"[["a", {"C": 11, "x": 20}], ["b", {"C": 4, "x": 5}]]"#).unwrap());
        assert_eq!(ratio(&best.0[0].1, "x"), Some(2.0));
        assert_eq!(ratio(&best.0[1].1, "x"), Some(1.0));
        let mean = best.mean("x").unwrap();
        assert!((mean - 2f64.sqrt()).abs() < 1e-9, "{mean}");
        assert_eq!(best.mean("absent"), None);
    }
}
