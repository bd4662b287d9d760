//! The matrix for people and for programs.

use std::collections::BTreeMap;

use hpy_tests::host::Host;
use hpy_tests::outcome::{Cell, Verdict};
use serde_json::{Value, json};

/// A host and its cells, by topic.
#[derive(Debug)]
pub struct Row {
    pub host: Host,
    pub cells: BTreeMap<String, Cell>,
}

/// Interpreter × topic, one line per host.
pub fn table(rows: &[Row], topics: &[String]) -> String {
    let label = |row: &Row| format!("{} ({})", row.host.name, row.host.abi.name());
    let left = rows.iter().map(|row| label(row).len()).max().unwrap_or(0);
    let width = |topic: &String| topic.len().max(4);
    let mut text = " ".repeat(left);
    for topic in topics {
        text += &format!("  {topic:<0$}", width(topic));
    }
    for row in rows {
        text += &format!("\n{:<left$}", label(row));
        for topic in topics {
            let mark = match row.cells.get(topic).map(|cell| &cell.verdict) {
                Some(Verdict::Pass) => "pass",
                Some(Verdict::Skip(_)) => "skip",
                Some(Verdict::Fail(_)) => "FAIL",
                None => "-",
            };
            text += &format!("  {mark:<0$}", width(topic));
        }
    }
    text.lines()
        .map(|line| format!("{}\n", line.trim_end()))
        .collect()
}

/// Every skip with its reason: those for the same reason in one line, with how often it stands.
pub fn skips(rows: &[Row]) -> String {
    let mut reasons: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for row in rows {
        for cell in row.cells.values() {
            for (test, reason) in &cell.skips {
                let name = test.rsplit('/').next().unwrap_or(test);
                reasons
                    .entry((name, reason))
                    .or_default()
                    .push(&row.host.name);
            }
        }
    }
    let line = |((test, reason), hosts): ((&str, &str), Vec<&str>)| {
        format!("skipped: {test}: {reason} [{}]\n", hosts.join(", "))
    };
    reasons.into_iter().map(line).collect()
}

/// `{"interpreter": {"topic": {"abi": "pass" | "fail" | "skip: reason"}}, "missing": {"interpreter": "reason"}}`
pub fn json(rows: &[Row], missing: &BTreeMap<String, String>) -> Value {
    let mut all = json!({});
    for row in rows {
        for (topic, cell) in &row.cells {
            all[&row.host.name][topic][row.host.abi.name()] = cell.verdict.in_json().into();
        }
    }
    all["missing"] = json!(missing);
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use hpy_tests::host::Abi;

    fn row(name: &str, cells: &[(&str, Verdict)]) -> Row {
        let host = Host {
            name: name.into(),
            interpreter: "cpython3.11".into(),
            abi: Abi::Universal,
            python: "python".into(),
            packages: vec!["pytest".into()],
            mode: None,
            without_hpy: false,
        };
        let cell = |verdict: &Verdict| Cell {
            verdict: verdict.clone(),
            skips: BTreeMap::from([("t/test_a.py::test_x".to_string(), "no buffers".to_string())]),
            output: String::new(),
        };
        Row {
            host,
            cells: cells
                .iter()
                .map(|(topic, verdict)| (topic.to_string(), cell(verdict)))
                .collect(),
        }
    }

    fn rows() -> Vec<Row> {
        vec![
            row(
                "a",
                &[
                    ("lists", Verdict::Pass),
                    ("hello", Verdict::Fail("crash".into())),
                ],
            ),
            row("longer", &[("lists", Verdict::Skip("why".into()))]),
        ]
    }

    #[test]
    fn the_table_has_a_line_per_host() {
        let text = table(&rows(), &["lists".into(), "hello".into()]);
        assert_eq!(
            text,
            "                    lists  hello\n\
             a (universal)       pass   FAIL\n\
             longer (universal)  skip   -\n"
        );
    }

    #[test]
    fn equal_reasons_are_told_once() {
        assert_eq!(
            skips(&rows()),
            "skipped: test_a.py::test_x: no buffers [a, a, longer]\n"
        );
    }

    #[test]
    fn the_json_has_interpreter_topic_abi() {
        let missing = BTreeMap::from([("pypy8".to_string(), "no network".to_string())]);
        let all = json(&rows(), &missing);
        assert_eq!(all["a"]["lists"]["universal"], "pass");
        assert_eq!(all["a"]["hello"]["universal"], "fail");
        assert_eq!(all["longer"]["lists"]["universal"], "skip: why");
        assert_eq!(all["missing"]["pypy8"], "no network");
    }
}
