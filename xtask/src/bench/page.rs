//! The pages with the results, `docs/benchmarks.md` and its like, whose parts stand between marks.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The page with the results.
pub fn docs() -> PathBuf {
    hpy_tests::checkout().join("docs/benchmarks.md")
}

/// The page with calls by several threads.
pub fn threads() -> PathBuf {
    hpy_tests::checkout().join("docs/calls-by-threads.md")
}

/// The page with what is waited for after a change.
pub fn after_a_change() -> PathBuf {
    hpy_tests::checkout().join("docs/after-a-change.md")
}

/// The page with whole programs.
pub fn programs() -> PathBuf {
    hpy_tests::checkout().join("docs/programs.md")
}

/// A part of the page that a run replaces.
#[derive(Debug)]
pub struct Section {
    /// What its marks say.
    pub key: String,
    /// Markdown.
    pub text: String,
}

/// Puts the section in its place on the page, or at the page's end if it has none there.
///
/// # Errors
/// If the file cannot be read or written.
pub fn write(page: &Path, section: &Section) -> Result<()> {
    let before =
        std::fs::read_to_string(page).with_context(|| format!("cannot read {}", page.display()))?;
    std::fs::write(page, placed(&before, section))
        .with_context(|| format!("cannot write {}", page.display()))
}

/// A paragraph in lines of at most 120 columns.
pub fn wrapped(paragraph: &str) -> String {
    let mut text = String::new();
    let mut column = 0;
    for word in paragraph.split_whitespace() {
        let length = word.chars().count();
        if column > 0 {
            let fits = column + 1 + length <= 120;
            text.push(if fits { ' ' } else { '\n' });
            column = if fits { column + 1 } else { 0 };
        }
        text += word;
        column += length;
    }
    text
}

fn placed(page: &str, section: &Section) -> String {
    let begin = format!("<!-- measured: {} -->", section.key);
    let end = format!("<!-- end: {} -->", section.key);
    let block = format!("{begin}\n{}\n{end}", section.text);
    match (page.find(&begin), page.find(&end)) {
        (Some(from), Some(to)) if from < to => {
            format!("{}{block}{}", &page[..from], &page[to + end.len()..])
        }
        _ => format!("{}\n\n{block}\n", page.trim_end()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(text: &str) -> Section {
        Section {
            key: "x".into(),
            text: text.into(),
        }
    }

    #[test]
    fn a_paragraph_is_wrapped_between_words() {
        let words = ["word"; 30].join(" ");
        let lines: Vec<usize> = wrapped(&words).lines().map(str::len).collect();
        assert_eq!(lines, [119, 29]);
        assert_eq!(wrapped("one  two"), "one two");
    }

    #[test]
    fn a_section_replaces_itself_and_nothing_else() {
        let page = placed("# Page\n", &section("one"));
        assert_eq!(
            page,
            "# Page\n\n<!-- measured: x -->\none\n<!-- end: x -->\n"
        );
        let page = placed(&format!("{page}\nAfter.\n"), &section("two"));
        assert_eq!(
            page,
            "# Page\n\n<!-- measured: x -->\ntwo\n<!-- end: x -->\n\nAfter.\n"
        );
    }
}
