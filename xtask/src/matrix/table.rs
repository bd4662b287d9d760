//! The matrix for people and for programs.

use std::collections::BTreeMap;
use std::time::Duration;

use hpy_tests::host::Host;
use hpy_tests::outcome::{Cell, Verdict};
use serde_json::{Value, json};

/// A host and its cells, by topic.
#[derive(Debug)]
pub struct Row {
    pub host: Host,
    pub cells: BTreeMap<String, Cell>,
    /// What its processes took, one after the other.
    pub took: Duration,
}

/// A process that takes longer is worth a line of its own.
const SLOW: Duration = Duration::from_secs(20);

/// What to say at once of a process that has ended: that a cell fails, or that it took long.
pub fn worth_a_line(host: &Host, cells: &BTreeMap<String, Cell>, took: Duration) -> Option<String> {
    let failing: Vec<&str> = cells
        .iter()
        .filter(|(_, cell)| matches!(cell.verdict, Verdict::Fail(_)))
        .map(|(topic, _)| topic.as_str())
        .collect();
    if failing.is_empty() && took < SLOW {
        return None;
    }
    let topics = match cells.len() {
        1 => cells.keys().next().cloned().unwrap_or_default(),
        count => format!("{count} topics"),
    };
    let failing = match failing.as_slice() {
        [] => String::new(),
        failing => format!(", FAILING: {}", failing.join(", ")),
    };
    Some(format!(
        "{} ({}): {topics}: {} s{failing}",
        host.name,
        host.abi.name(),
        took.as_secs()
    ))
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
        text += &format!("  {:>4} s", row.took.as_secs());
    }
    text.lines()
        .map(|line| format!("{}\n", line.trim_end()))
        .collect()
}

/// The topics that took longest over all rows, and the cells.
pub fn longest(rows: &[Row], count: usize) -> String {
    let mut topics: BTreeMap<&str, Duration> = BTreeMap::new();
    let mut cells = Vec::new();
    for row in rows {
        for (topic, cell) in &row.cells {
            *topics.entry(topic).or_default() += cell.took;
            let name = format!("{topic} on {} ({})", row.host.name, row.host.abi.name());
            cells.push((name, cell.took));
        }
    }
    let topics = topics
        .into_iter()
        .map(|(name, took)| (name.to_owned(), took));
    let list = |mut all: Vec<(String, Duration)>| {
        all.sort_by_key(|(_, took)| std::cmp::Reverse(*took));
        all.truncate(count);
        let words = all
            .iter()
            .map(|(name, took)| format!("{name} {} s", took.as_secs()));
        words.collect::<Vec<_>>().join(", ")
    };
    format!(
        "The longest topics: {}\nThe longest cells: {}\n",
        list(topics.collect()),
        list(cells)
    )
}

/// Every skip with its reason: one line per test function and reason, with the hosts. A function
/// with parameters is many tests, and a host with both ABIs has them twice.
pub fn skips(rows: &[Row]) -> String {
    let mut reasons: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for row in rows {
        for cell in row.cells.values() {
            for (test, reason) in &cell.skips {
                let hosts = reasons.entry((function(test), reason)).or_default();
                if !hosts.contains(&row.host.name.as_str()) {
                    hosts.push(&row.host.name);
                }
            }
        }
    }
    let line = |((test, reason), hosts): ((&str, &str), Vec<&str>)| {
        format!("skipped: {test}: {reason} [{}]\n", hosts.join(", "))
    };
    reasons.into_iter().map(line).collect()
}

/// `extensions/globals/test_globals.py::test_all[1/2]` -> `test_globals.py::test_all`
fn function(test: &str) -> &str {
    let test = test.split('[').next().unwrap_or(test);
    test.rsplit('/').next().unwrap_or(test)
}

/// What each failing cell said, in the end: logs get read from theirs.
pub fn failures(rows: &[Row], lines: usize) -> String {
    let mut text = String::new();
    for row in rows {
        for (topic, cell) in &row.cells {
            if let Verdict::Fail(why) = &cell.verdict {
                text += &format!(
                    "\n==== {topic} on {} ({}) fails: {why}\n{}\n",
                    row.host.name,
                    row.host.abi.name(),
                    cell.last_lines(lines)
                );
            }
        }
    }
    text
}

/// ```text
/// {"interpreter": {"topic": {"abi": "pass" | "fail" | "skip: reason"}},
///  "missing": {"interpreter": "reason"}}
/// ```
///
/// What stands for HPy on an interpreter is part of the ABI: `universal-hpy0.9.0-debug`.
pub fn json(rows: &[Row], missing: &BTreeMap<String, String>) -> Value {
    let mut all = json!({});
    for row in rows {
        for (topic, cell) in &row.cells {
            all[&row.host.interpreter][topic][abi_key(&row.host)] = cell.verdict.in_json().into();
        }
    }
    all["missing"] = json!(missing);
    all
}

fn abi_key(host: &Host) -> String {
    let beside = host.name.strip_prefix(&host.interpreter);
    format!("{}{}", host.abi.name(), beside.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use hpy_tests::headers::CApi;
    use hpy_tests::host::Abi;

    fn row(name: &str, cells: &[(&str, Verdict)]) -> Row {
        let host = Host {
            name: name.into(),
            interpreter: name.split('-').next().unwrap_or_default().into(),
            abi: Abi::Universal,
            python: "python".into(),
            packages: vec!["pytest".into()],
            mode: None,
            without_hpy: false,
            slow_start: false,
            c_api: CApi::NONE,
            triple: None,
        };
        let cell = |verdict: &Verdict| Cell {
            verdict: verdict.clone(),
            skips: ["t/test_a.py::test_x[1/2]", "t/test_a.py::test_x[3]"]
                .map(|test| (test.to_string(), "no buffers".to_string()))
                .into(),
            output: "first\nlast\n".to_string(),
            took: Duration::from_secs(3),
        };
        Row {
            host,
            cells: cells
                .iter()
                .map(|(topic, verdict)| (topic.to_string(), cell(verdict)))
                .collect(),
            took: Duration::from_secs(7),
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
            row("longer-hpy1", &[("lists", Verdict::Skip("why".into()))]),
        ]
    }

    #[test]
    fn the_table_has_a_line_per_host() {
        let text = table(&rows(), &["lists".into(), "hello".into()]);
        assert_eq!(
            text,
            "                         lists  hello\n\
             a (universal)            pass   FAIL      7 s\n\
             longer-hpy1 (universal)  skip   -         7 s\n"
        );
    }

    #[test]
    fn a_process_that_fails_or_takes_long_gets_a_line_at_once() {
        let rows = rows();
        let say = |at: usize, seconds| {
            worth_a_line(
                &rows[at].host,
                &rows[at].cells,
                Duration::from_secs(seconds),
            )
        };
        assert_eq!(
            say(0, 1).as_deref(),
            Some("a (universal): 2 topics: 1 s, FAILING: hello")
        );
        assert_eq!(say(1, 1), None);
        assert_eq!(
            say(1, 30).as_deref(),
            Some("longer-hpy1 (universal): lists: 30 s")
        );
    }

    #[test]
    fn what_took_longest_is_told() {
        assert_eq!(
            longest(&rows(), 1),
            "The longest topics: lists 6 s\nThe longest cells: hello on a (universal) 3 s\n"
        );
    }

    #[test]
    fn equal_reasons_are_told_once() {
        assert_eq!(
            skips(&rows()),
            "skipped: test_a.py::test_x: no buffers [a, longer-hpy1]\n"
        );
    }

    #[test]
    fn failures_end_with_the_end_of_their_output() {
        assert_eq!(
            failures(&rows(), 1),
            "\n==== hello on a (universal) fails: crash\nlast\n"
        );
    }

    #[test]
    fn the_json_has_interpreter_topic_abi() {
        let missing = BTreeMap::from([("pypy8".to_string(), "no network".to_string())]);
        let all = json(&rows(), &missing);
        assert_eq!(all["a"]["lists"]["universal"], "pass");
        assert_eq!(all["a"]["hello"]["universal"], "fail");
        assert_eq!(all["longer"]["lists"]["universal-hpy1"], "skip: why");
        assert_eq!(all["missing"]["pypy8"], "no network");
    }
}
