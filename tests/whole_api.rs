//! HPy's whole API is reachable from safe code: a walk over the table of `hpy-sys`, against the
//! sources of `hpy`.
//!
//! That some topic's tests call each function is counted when they run: see `extensions.rs`.

use std::collections::BTreeSet;
use std::path::Path;

use hpy_tests::whole_api::{BY_HAND, CONSTANTS, ELSEWHERE, EXCUSED, NEWER, words};

#[test]
fn the_safe_layer_uses_every_word() {
    let used = names_in(&hpy_tests::checkout().join("hpy-core/src"), &[]);
    let mut wrong = Vec::new();
    for word in words() {
        let name = word.user.as_str();
        let is_used = used.contains(name);
        let reason = EXCUSED
            .iter()
            .chain(BY_HAND)
            .any(|(known, _)| *known == name);
        let elsewhere = ELSEWHERE.iter().find(|(known, _)| *known == name);
        if let Some((_, by)) = elsewhere {
            if is_used || !used.contains(*by) {
                wrong.push(format!("{name} is not reached by {by}, or also without it"));
            }
        } else if is_used == reason {
            wrong.push(match reason {
                true => format!("{name} is used, and excused nevertheless"),
                false => format!("{name} is not used by hpy: safe code can't reach it"),
            });
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn few_functions_are_excused_and_each_has_a_reason() {
    let unused = EXCUSED.len() + BY_HAND.len();
    assert!(unused <= 8, "{unused} functions are excused");
    let names: BTreeSet<String> = words().into_iter().map(|word| word.user).collect();
    for (name, reason) in EXCUSED.iter().chain(BY_HAND) {
        assert!(names.contains(*name), "{name} is no word of the table");
        assert!(reason.len() > 20, "why is {name} not used?");
    }
}

/// What safe code does not ask for is tested by hand.
#[test]
fn what_types_written_by_hand_ask_for_is_tested_there() {
    let extensions = hpy_tests::checkout().join("tests/extensions");
    let used = names_in(&extensions.join("types_by_hand/src"), &[]);
    for (name, _) in BY_HAND {
        assert!(
            used.contains(*name),
            "{name} is used by no type written by hand"
        );
    }
}

/// Calls are counted when the tests run, by PyPI's hpy: see `extensions.rs`. It lacks some
/// functions and counts no constants.
#[test]
fn what_is_not_counted_is_in_the_source_of_a_test() {
    let extensions = hpy_tests::checkout().join("tests/extensions");
    let source = sources_in(&extensions, &[]).join("\n");
    let mut wrong = Vec::new();
    for word in words() {
        if word.old && word.function {
            continue;
        }
        let known = NEWER.iter().chain(CONSTANTS);
        let place = known.clone().find(|(name, _)| *name == word.user);
        let name = word.user.trim_start_matches("h_");
        let marker = name.strip_suffix("Type").unwrap_or(name);
        let is_there = match place {
            Some((_, place)) => source.contains(place),
            None => source.contains(marker) && word.old,
        };
        if !is_there {
            wrong.push(word.user);
        }
    }
    assert!(wrong.is_empty(), "no test uses: {}", wrong.join(", "));
}

/// The names in a folder's Rust sources, without comments and without the folders left out.
fn names_in(folder: &Path, without: &[&str]) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for source in sources_in(folder, without) {
        for line in source.lines() {
            let code = line.split("//").next().unwrap_or_default();
            let found = code.split(|c: char| !c.is_alphanumeric() && c != '_');
            names.extend(found.filter(|name| !name.is_empty()).map(str::to_owned));
        }
    }
    names
}

/// All Rust sources in a folder.
fn sources_in(folder: &Path, without: &[&str]) -> Vec<String> {
    let mut sources = Vec::new();
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{folder:?}: {error}"));
    for entry in entries {
        let path = entry.expect("the folder can be read").path();
        if path.is_dir() {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if !without.contains(&&*name) {
                sources.extend(sources_in(&path, without));
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            sources.push(std::fs::read_to_string(&path).expect("a source is text"));
        }
    }
    sources
}
