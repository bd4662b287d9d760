//! The width of lines in Rust, and the length of files.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, ensure};

/// Columns of a line in Rust.
const WIDEST: usize = 100;

/// Lines of a file in Rust.
const LONGEST: usize = 600;

/// How many lines may be too wide still, by folder: it only becomes less. Elsewhere there is none.
const STILL_WIDE: [(&str, usize); 10] = [
    ("bench/", 1),
    ("cargo-hpy/", 98),
    ("examples/", 64),
    ("fuzz/", 3),
    ("hpy-core/", 3),
    ("hpy-macros/", 278),
    ("hpy-mock/", 6),
    ("hpy-runtime/", 55),
    ("hpy-sys/", 618),
    ("tests/", 175),
];

/// Files and lines with too much in them.
///
/// # Errors
/// If Git does not tell the files, or one cannot be read.
pub fn check(checkout: &Path) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    let mut wide: Vec<(String, String)> = Vec::new();
    for file in files(checkout)? {
        let Ok(text) = std::fs::read_to_string(checkout.join(&file)) else {
            // It is deleted, and Git was not told yet.
            continue;
        };
        let count = text.lines().count();
        if count > LONGEST {
            findings.push(format!("{file}:{LONGEST}: the file has {count} lines"));
        }
        for (line, text) in text.lines().enumerate() {
            let width = text.chars().count();
            if width > WIDEST {
                let finding = format!("{file}:{}: {width} columns", line + 1);
                wide.push((file.clone(), finding));
            }
        }
    }
    for (folder, most) in STILL_WIDE {
        let (here, elsewhere): (Vec<_>, Vec<_>) = wide
            .into_iter()
            .partition(|(file, _)| file.starts_with(folder));
        wide = elsewhere;
        if here.len() > most {
            findings.extend(here.into_iter().map(|(_, finding)| finding));
        }
    }
    findings.extend(wide.into_iter().map(|(_, finding)| finding));
    Ok(findings)
}

fn files(checkout: &Path) -> Result<Vec<String>> {
    let listed = Command::new("git")
        .args(["ls-files", "*.rs"])
        .current_dir(checkout)
        .output()?;
    ensure!(listed.status.success(), "git ls-files failed");
    let listed = String::from_utf8(listed.stdout)?;
    Ok(listed.lines().map(str::to_owned).collect())
}
