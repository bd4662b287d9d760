//! Files in Rust that Markdown names: each must be there.

use std::path::Path;

use anyhow::Result;

use super::tracked;

/// Names of files that the checkout does not have.
///
/// A name is in backticks, ends in `.rs` and has a folder before it, in full or in part. `{a,b}` in
/// it stands for both.
///
/// # Errors
/// If Git does not tell the files, or one cannot be read.
pub fn check(checkout: &Path) -> Result<Vec<String>> {
    let sources = tracked::files(checkout, &["*.rs"])?;
    let mut findings = Vec::new();
    for page in tracked::files(checkout, &["*.md"])? {
        // Without a text it is deleted, and Git was not told yet.
        if let Ok(text) = std::fs::read_to_string(checkout.join(&page)) {
            findings.extend(missing(&page, &text, &sources));
        }
    }
    Ok(findings)
}

fn missing(page: &str, text: &str, sources: &[String]) -> Vec<String> {
    let is_there = |name: &str| {
        let inner = format!("/{name}");
        let mut sources = sources.iter();
        sources.any(|source| source == name || source.ends_with(&inner))
    };
    let mut findings = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let quoted = line.split('`').skip(1).step_by(2);
        for name in quoted.filter(|text| is_path(text)).flat_map(alternatives) {
            if !is_there(&name) {
                findings.push(format!("{page}:{}: there is no {name}", index + 1));
            }
        }
    }
    findings
}

fn is_path(text: &str) -> bool {
    let is_part = |char: char| char.is_ascii_alphanumeric() || "_-./{},".contains(char);
    text.ends_with(".rs") && text.contains('/') && text.chars().all(is_part)
}

/// What a name with `{a,b}` in it stands for.
fn alternatives(name: &str) -> Vec<String> {
    let Some((before, (within, after))) = name
        .split_once('{')
        .and_then(|(before, rest)| Some((before, rest.split_once('}')?)))
    else {
        return vec![name.to_owned()];
    };
    within
        .split(',')
        .flat_map(|part| alternatives(&format!("{before}{part}{after}")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_named_in_full_or_in_part() {
        let sources = ["core/src/class/field.rs".to_owned(), "build.rs".to_owned()];
        let text = "`class/field.rs`, `core/src/class/field.rs`\n`class/{field,lost}.rs`\n";
        assert_eq!(
            missing("a.md", text, &sources),
            ["a.md:2: there is no class/lost.rs"]
        );
        assert_eq!(
            missing("a.md", "`ss/field.rs`", &sources),
            ["a.md:1: there is no ss/field.rs"]
        );
    }

    #[test]
    fn other_words_are_no_files() {
        let text = "`lib.rs` and a/b.rs and `cat a/b.rs` and `a/b.c`";
        assert_eq!(missing("a.md", text, &[]), [""; 0]);
    }
}
