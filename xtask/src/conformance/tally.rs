//! What came of each of the suite's functions, over all interpreters: for people and for programs.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::excused;
use super::session::{Outcome, Results};

/// A function's result on an interpreter, or over all.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    Passed,
    NotRun(String),
    Excused(&'static str),
    Failed(String),
}

/// The suite's functions, and what the interpreters made of them.
#[derive(Debug)]
pub struct Tally {
    rows: BTreeMap<String, BTreeMap<String, Verdict>>,
    order: Vec<String>,
    broken: Vec<String>,
}

/// How many functions.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    pub passed: usize,
    pub failed: usize,
    pub excused: usize,
    pub not_run: usize,
}

impl Tally {
    /// Judges the results of each interpreter.
    pub fn new(functions: &BTreeSet<String>, results: Vec<(String, Results)>) -> Tally {
        let mut tally = Tally {
            rows: BTreeMap::new(),
            order: results.iter().map(|(name, _)| name.clone()).collect(),
            broken: Vec::new(),
        };
        for (interpreter, results) in results {
            let broken = results
                .broken
                .iter()
                .map(|why| format!("{interpreter}: {why}"));
            tally.broken.extend(broken);
            for function in results.functions.keys() {
                if !functions.contains(function) {
                    tally.broken.push(format!(
                        "{interpreter}: {function} is none of the suite's functions"
                    ));
                }
            }
            let row = functions
                .iter()
                .map(|function| {
                    let outcome = results.functions.get(function);
                    (function.clone(), judge(function, &interpreter, outcome))
                })
                .collect();
            tally.rows.insert(interpreter, row);
        }
        tally
    }

    /// Each function once: as on the interpreter where it went worst.
    fn overall(&self) -> BTreeMap<&str, &Verdict> {
        let mut worst: BTreeMap<&str, &Verdict> = BTreeMap::new();
        for (function, verdict) in self.rows.values().flatten() {
            worst
                .entry(function)
                .and_modify(|known| *known = (*known).max(verdict))
                .or_insert(verdict);
        }
        worst
    }

    /// The functions, each counted once.
    pub fn counts(&self) -> Counts {
        count(self.overall().values().copied())
    }

    /// Failures with what they said, then what was excused and not run with the reasons, then a
    /// line per interpreter.
    pub fn report(&self) -> String {
        let mut text = String::new();
        for (why, places) in self.grouped(|function, verdict| match verdict {
            Verdict::Failed(why) => Some((function.to_string(), why.clone())),
            _ => None,
        }) {
            text += &format!(
                "==== {} fails on {}:\n{}\n",
                why.0,
                places.join(", "),
                why.1
            );
        }
        for ((function, reason), places) in self.grouped(|function, verdict| match verdict {
            Verdict::Excused(reason) => Some((function.to_string(), reason.to_string())),
            _ => None,
        }) {
            text += &format!("excused: {function}: {reason} [{}]\n", places.join(", "));
        }
        let mut reasons: BTreeMap<(&str, Vec<&str>), BTreeMap<&str, usize>> = BTreeMap::new();
        for (function, verdict) in self.overall() {
            if let Verdict::NotRun(reason) = verdict {
                let places = self.places(function, verdict);
                let file = function.split("::").next().unwrap_or(function);
                *reasons
                    .entry((reason, places))
                    .or_default()
                    .entry(file)
                    .or_default() += 1;
            }
        }
        for ((reason, places), files) in reasons {
            let everywhere = places.len() == self.order.len();
            let places = if everywhere {
                String::new()
            } else {
                format!(" [{}]", places.join(", "))
            };
            let total: usize = files.values().sum();
            let files: Vec<_> = files
                .iter()
                .map(|(file, count)| format!("{file} {count}"))
                .collect();
            text += &format!(
                "not run: {total}: {reason} ({}){places}\n",
                files.join(", ")
            );
        }
        for why in &self.broken {
            text += &format!("==== {why}\n");
        }
        for name in &self.order {
            text += &format!("{name:<14} {}\n", count(self.rows[name].values()).line());
        }
        text
    }

    /// Interpreters by what they have in common.
    fn grouped(
        &self,
        of: impl Fn(&str, &Verdict) -> Option<(String, String)>,
    ) -> BTreeMap<(String, String), Vec<&str>> {
        let mut groups: BTreeMap<_, Vec<&str>> = BTreeMap::new();
        for name in &self.order {
            for (function, verdict) in &self.rows[name] {
                if let Some(key) = of(function, verdict) {
                    groups.entry(key).or_default().push(name);
                }
            }
        }
        groups
    }

    fn places(&self, function: &str, verdict: &Verdict) -> Vec<&str> {
        let same = |name: &&String| self.rows[*name].get(function) == Some(verdict);
        self.order.iter().filter(same).map(String::as_str).collect()
    }

    /// Excuses that no interpreter of this run needs, although all that they are for ran the whole
    /// suite.
    pub fn needless_excuses(&self) -> Vec<&'static str> {
        let needless = |one: &&excused::Excused| {
            let asked: Vec<_> = self
                .order
                .iter()
                .filter(|name| one.on.is_empty() || one.on.contains(&name.as_str()))
                .collect();
            let complete = one.on.is_empty() || asked.len() == one.on.len();
            let passes =
                |name: &&String| self.rows[*name].get(one.function) == Some(&Verdict::Passed);
            !asked.is_empty() && complete && asked.iter().all(passes)
        };
        excused::EXCUSED
            .iter()
            .filter(needless)
            .map(|one| one.function)
            .collect()
    }

    /// Whether nothing failed.
    pub fn is_good(&self) -> bool {
        self.counts().failed == 0 && self.broken.is_empty()
    }

    /// ```text
    /// {"interpreter": {"function":
    ///     "pass" | "fail: why" | "excused: reason" | "not run: reason"}}
    /// ```
    pub fn json(&self, missing: &BTreeMap<String, String>) -> Value {
        let mut all = json!({});
        for (interpreter, row) in &self.rows {
            for (function, verdict) in row {
                all[interpreter][function] = verdict.in_json().into();
            }
        }
        let counts = self.counts();
        all["counts"] = json!({
            "passed": counts.passed,
            "failed": counts.failed,
            "excused": counts.excused,
            "not run": counts.not_run,
        });
        all["broken"] = json!(self.broken);
        all["missing"] = json!(missing);
        all
    }
}

fn judge(function: &str, interpreter: &str, outcome: Option<&Outcome>) -> Verdict {
    match outcome {
        Some(Outcome::Passed) => Verdict::Passed,
        Some(Outcome::Failed(why)) => match excused::reason(function, interpreter) {
            Some(reason) => Verdict::Excused(reason),
            None => Verdict::Failed(why.clone()),
        },
        Some(Outcome::NotRun(reason)) => Verdict::NotRun(reason.clone()),
        None => Verdict::NotRun(left_out(function).to_string()),
    }
}

/// Why pytest does not even look at a function.
fn left_out(function: &str) -> &'static str {
    if function.starts_with(super::BUILD_PLUMBING) {
        "runs setuptools with upstream's own hpy, and nothing of ours"
    } else {
        "not asked for"
    }
}

fn count<'a>(verdicts: impl Iterator<Item = &'a Verdict>) -> Counts {
    let mut counts = Counts::default();
    for verdict in verdicts {
        *match verdict {
            Verdict::Passed => &mut counts.passed,
            Verdict::Failed(_) => &mut counts.failed,
            Verdict::Excused(_) => &mut counts.excused,
            Verdict::NotRun(_) => &mut counts.not_run,
        } += 1;
    }
    counts
}

impl Counts {
    pub fn line(&self) -> String {
        format!(
            "{} passed, {} failed, {} excused, {} not run",
            self.passed, self.failed, self.excused, self.not_run
        )
    }
}

impl Verdict {
    fn in_json(&self) -> String {
        match self {
            Verdict::Passed => "pass".to_string(),
            Verdict::Failed(why) => format!("fail: {why}"),
            Verdict::Excused(reason) => format!("excused: {reason}"),
            Verdict::NotRun(reason) => format!("not run: {reason}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn results(outcomes: &[(&str, Outcome)]) -> Results {
        Results {
            functions: outcomes
                .iter()
                .map(|(name, outcome)| (name.to_string(), outcome.clone()))
                .collect(),
            broken: Vec::new(),
        }
    }

    fn tally() -> Tally {
        let functions = ["a.py::x", "a.py::y", "test/hpy_devel/test_distutils.py::z"];
        let one = results(&[
            ("a.py::x", Outcome::Passed),
            ("a.py::y", Outcome::NotRun("for hybrid only".into())),
        ]);
        let two = results(&[
            ("a.py::x", Outcome::Failed("1 != 2".into())),
            ("a.py::y", Outcome::NotRun("for hybrid only".into())),
        ]);
        Tally::new(
            &functions.iter().map(|name| name.to_string()).collect(),
            vec![("one".into(), one), ("two".into(), two)],
        )
    }

    #[test]
    fn a_function_counts_once_as_where_it_went_worst() {
        let tally = tally();
        assert_eq!(
            tally.counts(),
            Counts {
                passed: 0,
                failed: 1,
                excused: 0,
                not_run: 2
            }
        );
        assert!(!tally.is_good());
    }

    #[test]
    fn every_function_that_did_not_run_has_a_reason() {
        assert_eq!(
            tally().report(),
            "==== a.py::x fails on two:\n1 != 2\n\
             not run: 1: for hybrid only (a.py 1)\n\
             not run: 1: runs setuptools with upstream's own hpy, and nothing of ours \
             (test/hpy_devel/test_distutils.py 1)\n\
             one            1 passed, 0 failed, 0 excused, 2 not run\n\
             two            0 passed, 1 failed, 0 excused, 2 not run\n"
        );
    }

    #[test]
    fn the_json_has_every_function_of_every_interpreter() {
        let all = tally().json(&BTreeMap::from([(
            "three".to_string(),
            "no network".to_string(),
        )]));
        assert_eq!(all["one"]["a.py::x"], "pass");
        assert_eq!(all["two"]["a.py::x"], "fail: 1 != 2");
        assert_eq!(all["missing"]["three"], "no network");
        assert_eq!(all["counts"]["not run"], 2);
    }

    #[test]
    fn a_function_that_the_archive_does_not_have_is_not_ignored() {
        let odd = results(&[("a.py::x", Outcome::Passed), ("a.py::new", Outcome::Passed)]);
        let tally = Tally::new(
            &BTreeSet::from(["a.py::x".to_string()]),
            vec![("one".into(), odd)],
        );
        assert!(!tally.is_good());
        assert!(tally.report().contains("a.py::new is none of"));
    }
}
