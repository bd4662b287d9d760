//! The width of lines, and the length of files.

use std::path::Path;

use anyhow::Result;

use super::{markdown, tracked};

/// Files whose lines are checked, as Git's patterns.
const CHECKED: [&str; 9] = [
    "*.rs", "*.py", "*.pyi", "*.c", "*.cpp", "*.h", "*.sh", ".ci/run", "*.md",
];

/// Columns of a line of code.
const CODE: usize = 100;

/// Columns of a line of prose in Markdown.
const PROSE: usize = 120;

/// Lines of a file in Rust.
const LONGEST: usize = 600;

/// Tables of data. Tests read them row by row, and a row is one line of any width.
const TABLES: [&str; 2] = [
    // The words of HPy's context.
    "hpy-sys/src/table.rs",
    // The functions of CPython's C API.
    "hpy-sys/src/capi/table.rs",
];

/// Files and lines with too much in them.
///
/// # Errors
/// If Git does not tell the files, or one cannot be read.
pub fn check(checkout: &Path) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    for file in tracked::files(checkout, &CHECKED)? {
        // Without a text it is deleted, and Git was not told yet.
        if let Ok(text) = std::fs::read_to_string(checkout.join(&file)) {
            findings.extend(too_much(&file, &text));
        }
    }
    Ok(findings)
}

fn too_much(file: &str, text: &str) -> Vec<String> {
    let mut findings = Vec::new();
    let count = text.lines().count();
    if file.ends_with(".rs") && count > LONGEST {
        findings.push(format!("{file}:{LONGEST}: the file has {count} lines"));
    }
    let (widest, mut lines) = if file.ends_with(".md") {
        (PROSE, markdown::prose(text))
    } else {
        (CODE, text.lines().enumerate().collect())
    };
    if TABLES.contains(&file) {
        lines.retain(|(_, line)| line.trim_start().starts_with("//"));
    }
    for (index, line) in lines {
        let width = line.chars().count();
        if width > widest {
            findings.push(format!("{file}:{}: {width} columns", index + 1));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_file_has_its_width() {
        for (file, most) in [
            ("a/b.rs", 100),
            ("a/b.py", 100),
            ("a/b.pyi", 100),
            ("a/b.c", 100),
            ("a/b.cpp", 100),
            ("a/b.h", 100),
            ("a/b.sh", 100),
            (".ci/run", 100),
            ("a/b.md", 120),
        ] {
            // Characters count, not bytes.
            let fits = format!("{}\n", "ä ".repeat(most / 2));
            assert_eq!(too_much(file, &fits), [""; 0]);
            let one_more = format!("{fits}x{fits}");
            let finding = format!("{file}:2: {} columns", most + 1);
            assert_eq!(too_much(file, &one_more), [finding]);
        }
    }

    #[test]
    fn a_table_has_wide_rows_but_no_wide_comments() {
        let (row, comment) = ("row ".repeat(26), format!("    // {}", "x".repeat(100)));
        let text = format!("{row}\n{comment}\n");
        let finding = "hpy-sys/src/table.rs:2: 107 columns";
        assert_eq!(too_much("hpy-sys/src/table.rs", &text), [finding]);
        assert_eq!(too_much("hpy-mock/src/table.rs", &text).len(), 2);
    }

    #[test]
    fn a_file_in_rust_has_a_length() {
        let fits = "\n".repeat(LONGEST);
        assert_eq!(too_much("a.rs", &fits), [""; 0]);
        let finding = "a.rs:600: the file has 601 lines";
        assert_eq!(too_much("a.rs", &format!("{fits}\n")), [finding]);
        assert_eq!(too_much("a.py", &format!("{fits}\n")), [""; 0]);
    }
}
