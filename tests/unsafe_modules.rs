//! The files that contain unsafe code are exactly those that `docs/design/soundness.md` lists.
//!
//! Whoever adds unsafe code to another file adds it to that list, and argues for it there.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The crates that an extension is made of. The whole of `hpy-sys` is unsafe by its nature.
const LISTED: [&str; 4] = [
    "hpy/src",
    "hpy-core/src",
    "hpy-runtime/src",
    "hpy-runtime/package/src",
];

/// The crates that have no unsafe code of their own.
const WITHOUT: [&str; 3] = [
    "hpy-macros/src/lib.rs",
    "cargo-hpy/src/lib.rs",
    "xtask/src/main.rs",
];

/// The heading below which the list stands.
const HEADING: &str = "## Files with unsafe code";

#[test]
fn the_list_of_files_with_unsafe_code_is_true() {
    let checkout = hpy_tests::checkout();
    let mut found = BTreeSet::new();
    for folder in LISTED {
        for file in rust_files(&checkout.join(folder)) {
            let text = std::fs::read_to_string(&file).unwrap();
            if has_unsafe(&text) {
                let file = file.strip_prefix(&checkout).unwrap();
                found.insert(file.display().to_string());
            }
        }
    }
    assert!(found.len() > 50, "only {} files were found", found.len());
    let listed = listed(&checkout);
    let unlisted: Vec<_> = found.difference(&listed).collect();
    let stale: Vec<_> = listed.difference(&found).collect();
    assert!(
        unlisted.is_empty() && stale.is_empty(),
        "docs/design/soundness.md: add {unlisted:#?}, remove {stale:#?}"
    );
}

#[test]
fn tools_and_macros_forbid_unsafe_code() {
    for file in WITHOUT {
        let text = std::fs::read_to_string(hpy_tests::checkout().join(file)).unwrap();
        assert!(text.contains("#![forbid(unsafe_code)]"), "{file}");
    }
}

#[test]
fn comments_and_texts_are_not_code() {
    assert!(has_unsafe("let a = unsafe { b() };"));
    assert!(has_unsafe("pub unsafe fn b() {}"));
    assert!(!has_unsafe("// unsafe { b() }\n/// An `unsafe` block.\n"));
    assert!(!has_unsafe("let a = \"unsafe\"; // unsafe"));
    assert!(!has_unsafe("#![forbid(unsafe_code)]"));
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

/// Whether a line has the keyword, before a comment and outside of texts in quotes.
fn has_unsafe(text: &str) -> bool {
    text.lines().any(|line| {
        let code = line.split("//").next().unwrap_or_default();
        let outside: String = code.split('"').step_by(2).collect::<Vec<_>>().join(" ");
        let mut words = outside.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
        words.any(|word| word == "unsafe")
    })
}

/// The lines `folder: file, file` below the heading, as paths.
fn listed(checkout: &Path) -> BTreeSet<String> {
    let text = std::fs::read_to_string(checkout.join("docs/design/soundness.md")).unwrap();
    let (_, section) = text.split_once(HEADING).expect("the heading");
    let block = section.split("```").nth(1).expect("a code block");
    let mut files = BTreeSet::new();
    for line in block.lines().skip(1) {
        let (folder, names) = line.split_once(": ").expect("folder: files");
        for name in names.split(", ") {
            files.insert(format!("{folder}/{name}.rs"));
        }
    }
    files
}
