//! What the pytest plugin wrote, line by line: which tests began, and what became of them.
//!
//! ```text
//! {"begins": "extensions/globals/test_globals.py::test_all", "at": 1763764800.25}
//! {"passed": "extensions/globals/test_globals.py::test_all"}
//! {"calls": {"ctx_Add": 3}}
//! {"finished": true, "at": 1763764801.5}
//! ```

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use serde::Deserialize;

use crate::outcome::Outcomes;

/// A pytest process' report, which may end early.
#[derive(Debug, Default)]
pub struct Report {
    /// By the test file's name.
    files: BTreeMap<String, Outcomes>,
    /// The last test that began.
    last: Option<String>,
    /// When that was, in seconds.
    since: f64,
    /// In trace mode: how often each function of the context was called.
    pub calls: BTreeMap<String, u64>,
    /// Whether pytest came to its end.
    pub finished: bool,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Line {
    Begins { begins: String, at: f64 },
    Passed { passed: String },
    Failed { failed: String, text: String },
    Skipped { skipped: String, reason: String },
    Calls { calls: BTreeMap<String, u64> },
    Finished { finished: bool, at: f64 },
}

impl Report {
    /// Reads the plugin's file, as far as it is whole. None is an empty one.
    pub fn read(path: &Path) -> Report {
        Report::parse(&std::fs::read_to_string(path).unwrap_or_default())
    }

    fn parse(text: &str) -> Report {
        let mut report = Report::default();
        // A process that was killed may have left half a line.
        for line in text
            .lines()
            .map_while(|line| serde_json::from_str(line).ok())
        {
            match line {
                Line::Begins { begins, at } => {
                    report.count_until(at);
                    report.last = Some(begins);
                }
                Line::Passed { passed } => report.of_test(&passed).passed += 1,
                Line::Failed { failed, text } => {
                    let known = report.of_test(&failed).failed.entry(failed).or_default();
                    *known += &text;
                    *known += "\n";
                }
                Line::Skipped { skipped, reason } => {
                    report.of_test(&skipped).skipped.insert(skipped, reason);
                }
                Line::Calls { calls } => report.calls = calls,
                Line::Finished { finished, at } => {
                    report.count_until(at);
                    report.finished = finished;
                }
            }
        }
        report
    }

    /// The time since the last test began is that test's, with all that it set up and took down.
    fn count_until(&mut self, at: f64) {
        let since = std::mem::replace(&mut self.since, at);
        if let Some(last) = self.last.clone() {
            // A clock that was put back gives a negative number.
            let took = Duration::try_from_secs_f64(at - since).unwrap_or_default();
            self.of_test(&last).took += took;
        }
    }

    fn of_test(&mut self, test: &str) -> &mut Outcomes {
        self.files.entry(file_of(test).to_string()).or_default()
    }

    /// What became of the tests of these files.
    pub fn take(&mut self, files: &[impl AsRef<Path>]) -> Outcomes {
        let mut all = Outcomes::default();
        for file in files {
            let outcomes = self.files.remove(&*name_of(file.as_ref()));
            let outcomes = outcomes.unwrap_or_default();
            all.passed += outcomes.passed;
            all.failed.extend(outcomes.failed);
            all.skipped.extend(outcomes.skipped);
            all.took += outcomes.took;
        }
        all
    }

    /// Whether the last test that began is in one of these files.
    pub fn stopped_in(&self, files: &[impl AsRef<Path>]) -> bool {
        let mut names = files.iter().map(|file| name_of(file.as_ref()));
        let last = self.last.as_deref().map(file_of);
        last.is_some_and(|last| names.any(|name| name == last))
    }

    /// The last test that began.
    pub fn last(&self) -> Option<&str> {
        self.last.as_deref()
    }
}

fn name_of(file: &Path) -> Cow<'_, str> {
    file.file_name().unwrap_or_default().to_string_lossy()
}

/// `extensions/globals/test_globals.py::test_all[1]` -> `test_globals.py`
fn file_of(test: &str) -> &str {
    let path = test.split("::").next().unwrap_or(test);
    path.rsplit('/').next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"
{"begins": "extensions/a/test_a.py::test_x[1/2::3]", "at": 10.5}
{"passed": "extensions/a/test_a.py::test_x[1/2::3]"}
{"begins": "extensions/a/test_a.py::test_y", "at": 12.0}
{"failed": "extensions/a/test_a.py::test_y", "text": "in the call"}
{"failed": "extensions/a/test_a.py::test_y", "text": "in the teardown"}
{"begins": "../examples/b/test_b.py::test_z", "at": 12.25}
{"skipped": "../examples/b/test_b.py::test_z", "reason": "why"}
"#;

    #[test]
    fn each_file_has_its_own_outcomes() {
        let end = "{\"calls\": {\"ctx_Add\": 3}}\n{\"finished\": true, \"at\": 20.25}\n";
        let mut report = Report::parse(&format!("{}{end}", TEXT.trim_start()));
        assert!(report.finished && report.stopped_in(&["/x/test_b.py"]));
        assert_eq!(report.calls["ctx_Add"], 3);
        let first = report.take(&["/x/test_a.py"]);
        assert_eq!(first.passed, 1);
        assert_eq!(first.took, Duration::from_millis(1750));
        assert_eq!(
            first.failed["extensions/a/test_a.py::test_y"],
            "in the call\nin the teardown\n"
        );
        let second = report.take(&["/y/test_b.py"]);
        assert_eq!(second.skipped["../examples/b/test_b.py::test_z"], "why");
        assert_eq!(second.took, Duration::from_secs(8));
        assert_eq!(report.take(&["test_c.py"]).passed, 0);
    }

    #[test]
    fn a_topic_of_several_files_has_the_outcomes_of_all() {
        let mut report = Report::parse(TEXT.trim_start());
        let files = ["/x/test_a.py", "/x/test_b.py"];
        assert!(report.stopped_in(&files) && !report.stopped_in(&["test_c.py"; 2]));
        let all = report.take(&files);
        assert_eq!((all.passed, all.failed.len(), all.skipped.len()), (1, 1, 1));
    }

    #[test]
    fn a_report_that_ends_early_says_where() {
        let report = Report::parse(&format!("{}{{\"begi", TEXT.trim_start()));
        assert!(!report.finished);
        assert!(report.stopped_in(&["test_b.py"]) && !report.stopped_in(&["test_a.py"]));
        assert_eq!(report.last(), Some("../examples/b/test_b.py::test_z"));
        assert!(Report::read(Path::new("/nowhere")).last().is_none());
    }
}
