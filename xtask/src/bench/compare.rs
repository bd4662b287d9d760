//! Comparing with before: with the results of an earlier run, or with an earlier revision that is
//! measured in the same processes.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde_json::Value;

use super::peers::BEFORE;
use super::rows::Row;
use super::series::median;

/// How much slower a row may be before it counts: two copies of one C module differ by 4 %.
const NOISE: f64 = 1.05;

/// A group's rows on an interpreter, as the JSON file has them.
#[derive(Debug, Deserialize)]
struct Group {
    key: String,
    group: String,
    /// The peer that the others are compared with.
    reference: String,
    rows: Vec<JsonRow>,
}

#[derive(Debug, Deserialize)]
struct JsonRow {
    row: String,
    nanoseconds: BTreeMap<String, Vec<f64>>,
}

impl From<JsonRow> for Row {
    fn from(row: JsonRow) -> Self {
        Self {
            name: row.row,
            times: row.nanoseconds,
        }
    }
}

/// What has become slower than in the file, a line each.
///
/// # Errors
/// If the file has no results of such rows.
pub fn with_file(file: &Path, results: &[Value]) -> Result<Vec<String>> {
    let text =
        std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let old: Vec<Group> = serde_json::from_str(&text)
        .with_context(|| format!("{} is no result of `cargo xtask bench`", file.display()))?;
    let mut old: BTreeMap<(String, String), Vec<JsonRow>> = old
        .into_iter()
        .map(|group| ((group.key, group.group), group.rows))
        .collect();
    let mut compared = 0;
    let mut slower = Vec::new();
    for result in results {
        let new: Group = serde_json::from_value(result.clone())?;
        let Some(before) = old.remove(&(new.key.clone(), new.group.clone())) else {
            continue;
        };
        let before: Vec<Row> = before.into_iter().map(Row::from).collect();
        let reference = &new.reference;
        for row in new.rows.into_iter().map(Row::from) {
            let Some(before) = before.iter().find(|one| one.name == row.name) else {
                continue;
            };
            for peer in row.times.keys().filter(|peer| is_measured(peer)) {
                let (now, then) = (row.ratios(peer, reference), before.ratios(peer, reference));
                compared += usize::from(!then.is_empty());
                if let Some((then, now)) = regression(&then, &now) {
                    slower.push(format!(
                        "{}, {}: {peer} was {then:.2} times {reference}, and is {now:.2}",
                        new.key, row.name
                    ));
                }
            }
        }
    }
    if compared == 0 {
        bail!("{} has none of the rows that were measured", file.display());
    }
    Ok(slower)
}

/// What is slower than the earlier revision, which was measured in the same processes.
pub fn with_revision(key: &str, rows: &[Row]) -> Vec<String> {
    let mut slower = Vec::new();
    for row in rows {
        for peer in row.times.keys().filter(|peer| is_measured(peer)) {
            let ratios = row.ratios(peer, &format!("{peer}{BEFORE}"));
            if let Some((_, now)) = regression(&[1.0], &ratios) {
                slower.push(format!(
                    "{key}, {}: {peer} takes {now:.2} times as long as before",
                    row.name
                ));
            }
        }
    }
    slower
}

/// hpy, as it is now.
fn is_measured(peer: &str) -> bool {
    peer.starts_with("hpy, ") && !peer.ends_with(BEFORE)
}

/// The medians, if each process was slower than all before, and the median beyond noise.
fn regression(then: &[f64], now: &[f64]) -> Option<(f64, f64)> {
    let slowest_before = then.iter().copied().reduce(f64::max)?;
    let quickest_now = now.iter().copied().reduce(f64::min)?;
    let (then, now) = (median(then.to_vec()), median(now.to_vec()));
    (quickest_now > slowest_before && now > then * NOISE).then_some((then, now))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_regression_is_beyond_the_noise_of_all_processes() {
        assert_eq!(regression(&[1.0, 1.02], &[1.10, 1.2]), Some((1.01, 1.15)));
        // One process as quick as before, a small difference, nothing to compare with.
        assert_eq!(regression(&[1.0, 1.11], &[1.10, 1.2]), None);
        assert_eq!(regression(&[1.0], &[1.04]), None);
        assert_eq!(regression(&[], &[1.04]), None);
    }

    fn result(times: &str) -> Value {
        serde_json::from_str(&format!(
            r#"{{"key": "cpython-311", "group": "calls", "reference": "C", "rows": [
                {{"row": "noargs", "nanoseconds": {{"C": [10, 10], "hpy, universal ABI": {times}}}}}
            ]}}"#
        ))
        .unwrap()
    }

    #[test]
    fn a_file_is_compared_by_the_ratios_to_the_reference() {
        let folder = std::env::temp_dir().join(format!("hpy-compare-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let file = folder.join("old.json");
        std::fs::write(&file, Value::from(vec![result("[11, 12]")]).to_string()).unwrap();
        assert_eq!(
            with_file(&file, &[result("[15, 16]")]).unwrap(),
            ["cpython-311, noargs: hpy, universal ABI was 1.15 times C, and is 1.55"]
        );
        assert!(with_file(&file, &[result("[11, 11]")]).unwrap().is_empty());
        // Nothing to compare with is an error, not a success.
        std::fs::write(&file, "[]").unwrap();
        assert!(with_file(&file, &[result("[11, 11]")]).is_err());
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_revision_is_compared_within_each_process() {
        let row = Row {
            name: "noargs".into(),
            times: BTreeMap::from([
                ("hpy, universal ABI".into(), vec![12.0, 24.0]),
                ("hpy, universal ABI, before".into(), vec![10.0, 20.0]),
            ]),
        };
        assert_eq!(
            with_revision("cpython-311", &[row]),
            ["cpython-311, noargs: hpy, universal ABI takes 1.20 times as long as before"]
        );
    }
}
