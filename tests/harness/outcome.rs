//! What became of a topic on a host.

use std::collections::BTreeMap;
use std::time::Duration;

/// A cell of the matrix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// Whether it passed.
    pub verdict: Verdict,
    /// Why single tests were skipped, by test.
    pub skips: BTreeMap<String, String>,
    /// What a failed run said.
    pub output: String,
    /// What its tests took, without the start of the interpreter.
    pub took: Duration,
}

/// What became of a topic on a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// At least one test ran, and none failed.
    Pass,
    /// All of its tests were skipped.
    Skip(String),
    /// Why it failed, in short.
    Fail(String),
}

impl Verdict {
    /// As in the JSON file.
    pub fn in_json(&self) -> String {
        match self {
            Verdict::Pass => "pass".into(),
            Verdict::Skip(reason) => format!("skip: {reason}"),
            Verdict::Fail(_) => "fail".into(),
        }
    }
}

/// What became of one topic's tests.
#[derive(Debug, Default)]
pub struct Outcomes {
    /// How many passed.
    pub passed: usize,
    /// Those that failed, or could not be collected, with what pytest says of it.
    pub failed: BTreeMap<String, String>,
    /// Those that were skipped, with the reason.
    pub skipped: BTreeMap<String, String>,
    /// What they took.
    pub took: Duration,
}

impl Cell {
    /// One that failed before any test could say anything.
    pub fn failed(why: &str) -> Cell {
        Cell {
            verdict: Verdict::Fail(why.to_string()),
            skips: BTreeMap::new(),
            output: String::new(),
            took: Duration::ZERO,
        }
    }

    /// That of a topic which is not run there.
    pub fn skipped(topic: &str, why: &str) -> Cell {
        Cell {
            verdict: Verdict::Skip(why.to_string()),
            skips: BTreeMap::from([(topic.to_string(), why.to_string())]),
            output: String::new(),
            took: Duration::ZERO,
        }
    }

    /// The end of what a failed run said, which has the causes.
    pub fn last_lines(&self, count: usize) -> String {
        let lines: Vec<_> = self.output.trim_end().lines().collect();
        lines[lines.len().saturating_sub(count)..].join("\n")
    }
}

/// Judges a run by the end of its process and by its tests. None if it crashed among them.
pub fn judge(ended: Result<(), String>, outcomes: Option<Outcomes>, output: String) -> Cell {
    let outcomes_there = outcomes.is_some();
    let outcomes = outcomes.unwrap_or_default();
    let unexplained = outcomes
        .skipped
        .iter()
        .find(|(_, reason)| reason.trim().is_empty());
    let verdict = if !outcomes.failed.is_empty() {
        Verdict::Fail(format!("{} of its tests", outcomes.failed.len()))
    } else if let Some((test, _)) = unexplained {
        Verdict::Fail(format!("{test} is skipped without a reason"))
    } else if outcomes.passed > 0 {
        ended.map_or_else(Verdict::Fail, |()| Verdict::Pass)
    } else if outcomes_there && !outcomes.skipped.is_empty() {
        // pytest ends with 5 when a skipped module left it no test.
        Verdict::Skip(distinct(outcomes.skipped.values()))
    } else {
        Verdict::Fail(ended.err().unwrap_or_else(|| "no test ran".into()))
    };
    let output = if matches!(verdict, Verdict::Fail(_)) {
        output
    } else {
        String::new()
    };
    Cell {
        verdict,
        skips: outcomes.skipped,
        output,
        took: outcomes.took,
    }
}

fn distinct<'a>(reasons: impl Iterator<Item = &'a String>) -> String {
    let mut seen: Vec<&str> = Vec::new();
    for reason in reasons {
        if !seen.contains(&reason.as_str()) {
            seen.push(reason);
        }
    }
    seen.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcomes(passed: usize, failed: &[&str], skipped: &[(&str, &str)]) -> Option<Outcomes> {
        Some(Outcomes {
            passed,
            failed: failed
                .iter()
                .map(|test| (test.to_string(), "why".to_string()))
                .collect(),
            skipped: skipped
                .iter()
                .map(|(test, reason)| (test.to_string(), reason.to_string()))
                .collect(),
            took: Duration::ZERO,
        })
    }

    fn verdict(ended: Result<(), &str>, outcomes: Option<Outcomes>) -> Verdict {
        judge(ended.map_err(String::from), outcomes, "said".into()).verdict
    }

    #[test]
    fn passing_tests_pass_and_reasons_are_kept() {
        let cell = judge(
            Ok(()),
            outcomes(3, &[], &[("t", "no buffers here")]),
            "said".into(),
        );
        assert_eq!(cell.verdict, Verdict::Pass);
        assert_eq!(cell.skips["t"], "no buffers here");
        assert_eq!(cell.output, "");
    }

    #[test]
    fn one_failing_test_fails_the_cell() {
        let cell = judge(
            Err("exit status: 1".into()),
            outcomes(3, &["t"], &[]),
            "said".into(),
        );
        assert!(matches!(cell.verdict, Verdict::Fail(_)));
        assert_eq!(cell.output, "said");
    }

    #[test]
    fn a_skip_without_a_reason_fails() {
        assert!(matches!(
            verdict(Ok(()), outcomes(3, &[], &[("t", " ")])),
            Verdict::Fail(_)
        ));
    }

    #[test]
    fn a_topic_that_is_not_run_is_listed_with_the_reason() {
        let cell = Cell::skipped("old", "uses Python.h");
        assert_eq!(cell.verdict.in_json(), "skip: uses Python.h");
        assert_eq!(cell.skips["old"], "uses Python.h");
    }

    #[test]
    fn a_topic_that_is_skipped_whole_says_why() {
        let skipped = outcomes(0, &[], &[("a", "no C compiler"), ("b", "no C compiler")]);
        let verdict = verdict(Err("exit status: 5"), skipped);
        assert_eq!(verdict.in_json(), "skip: no C compiler");
    }

    #[test]
    fn a_crash_and_an_empty_run_fail() {
        assert_eq!(
            verdict(Err("signal: 11"), None),
            Verdict::Fail("signal: 11".into())
        );
        assert_eq!(
            verdict(Ok(()), outcomes(0, &[], &[])),
            Verdict::Fail("no test ran".into())
        );
    }

    #[test]
    fn the_end_of_the_output_is_told() {
        let mut cell = Cell::failed("why");
        assert_eq!(cell.last_lines(2), "");
        cell.output = "a\nb\nc\n\n".into();
        assert_eq!(cell.last_lines(2), "b\nc");
        assert_eq!(cell.last_lines(9), "a\nb\nc");
    }

    #[test]
    fn a_crash_after_the_tests_fails() {
        assert_eq!(
            verdict(Err("signal: 6"), outcomes(2, &[], &[])),
            Verdict::Fail("signal: 6".into())
        );
    }
}
