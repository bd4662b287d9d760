//! The links of all Markdown files of the repository that lead into the repository.
//!
//! ```text
//! [Types](types.md#fields)                   the file is there, and has a heading of that name
//! [its README](https://github.com/hpy-rs/hpy-rs/blob/main/examples/ujson/README.md)
//!                                            from the book to a file beside it
//! ```

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::bench::output;

/// What leads to a file of the repository from the book, where a relative link would end at the
/// book's own pages.
const REPOSITORY: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main/");

/// A sentence for each link that leads nowhere, and for each page that the book leaves out.
///
/// # Errors
/// If git does not list the files, or one cannot be read.
pub fn check(checkout: &Path) -> Result<Vec<String>> {
    let listed = output(
        Command::new("git")
            .args(["ls-files", "*.md"])
            .current_dir(checkout),
    )?;
    let mut pages = BTreeMap::new();
    for name in listed.lines() {
        let path = checkout.join(name);
        // One that was removed and not committed yet is listed too. What lies beside code is
        // rustdoc's.
        if path.is_file() && !name.contains("/src/") {
            let text = std::fs::read_to_string(&path)
                .with_context(|| format!("cannot read {}", path.display()))?;
            pages.insert(PathBuf::from(name), Page::read(&text));
        }
    }
    let there = |path: &Path| checkout.join(path).exists();
    let mut broken = Vec::new();
    for (name, page) in &pages {
        for (line, target) in &page.links {
            if let Some(why) = wrong(name, target, &pages, there) {
                broken.push(format!("{}:{line}: {target}: {why}", name.display()));
            }
        }
    }
    broken.extend(left_out(&pages));
    Ok(broken)
}

/// Pages below `docs` that its summary does not name: the book has no page for them.
fn left_out(pages: &BTreeMap<PathBuf, Page>) -> Vec<String> {
    let docs = Path::new("docs");
    let summary = docs.join("SUMMARY.md");
    let named: Vec<PathBuf> = pages.get(&summary).map_or_else(Vec::new, |page| {
        let targets = page.links.iter().map(|(_, target)| docs.join(target));
        targets.collect()
    });
    pages
        .keys()
        .filter(|name| name.starts_with(docs) && **name != summary && !named.contains(name))
        .map(|name| format!("{}: {} leaves it out", name.display(), summary.display()))
        .collect()
}

/// Why a link leads nowhere. Links to other sites are not looked at.
fn wrong(
    from: &Path,
    target: &str,
    pages: &BTreeMap<PathBuf, Page>,
    there: impl Fn(&Path) -> bool,
) -> Option<String> {
    let from_book = from.starts_with("docs");
    let (path, anchor) = match target.split_once('#') {
        Some((path, anchor)) => (path, Some(anchor)),
        None => (target, None),
    };
    let path = if let Some(path) = path.strip_prefix(REPOSITORY) {
        PathBuf::from(path)
    } else if path.contains("://") || path.starts_with("mailto:") {
        return None;
    } else if path.is_empty() {
        from.to_path_buf()
    } else {
        let folder = from.parent().unwrap_or(Path::new(""));
        let path = normal(&folder.join(path));
        if from_book && !path.starts_with("docs") {
            return Some(format!("outside the book: begin it with {REPOSITORY}"));
        }
        path
    };
    if !there(&path) {
        return Some("no such file".to_string());
    }
    let anchor = anchor?;
    match pages.get(&path) {
        Some(page) if page.anchors.iter().any(|one| one == anchor) => None,
        Some(_) => Some("no such heading".to_string()),
        None => Some("only Markdown files have headings".to_string()),
    }
}

/// A path without `.` and `..`.
fn normal(path: &Path) -> PathBuf {
    let mut parts = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts
}

/// What a Markdown file has of links and headings.
#[derive(Debug, Default)]
struct Page {
    /// With the lines they are in.
    links: Vec<(usize, String)>,
    anchors: Vec<String>,
}

impl Page {
    fn read(text: &str) -> Page {
        let mut page = Page::default();
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        let mut within_code = false;
        for (number, line) in text.lines().enumerate() {
            if line.trim_start().starts_with("```") {
                within_code = !within_code;
                continue;
            }
            if within_code {
                continue;
            }
            if let Some(heading) = heading(line) {
                let anchor = anchor(heading);
                let count = seen.entry(anchor.clone()).or_default();
                page.anchors.push(match *count {
                    0 => anchor,
                    count => format!("{anchor}-{count}"),
                });
                *count += 1;
            }
            let targets = targets(&without_code(line));
            page.links
                .extend(targets.into_iter().map(|target| (number + 1, target)));
        }
        page
    }
}

fn heading(line: &str) -> Option<&str> {
    let text = line.trim_start_matches('#');
    let level = line.len() - text.len();
    ((1..=6).contains(&level) && text.starts_with(' ')).then(|| text.trim())
}

/// As GitHub and mdbook name a heading.
fn anchor(heading: &str) -> String {
    heading
        .chars()
        .filter_map(|character| match character {
            ' ' => Some('-'),
            '-' | '_' => Some(character),
            _ if character.is_alphanumeric() => Some(character.to_ascii_lowercase()),
            _ => None,
        })
        .collect()
}

/// The line without what stands between backticks: `[T](U)` there is Rust.
fn without_code(line: &str) -> String {
    let parts: Vec<&str> = line.split('`').collect();
    let last = parts.len() - 1;
    let kept = parts.iter().enumerate().filter(|(index, _)| {
        // A backtick without another one is a backtick.
        index % 2 == 0 || (*index == last && last % 2 == 1)
    });
    kept.map(|(_, part)| *part).collect()
}

/// The targets of `[text](target)` and of `[name]: target`.
fn targets(line: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = line;
    while let Some((_, after)) = rest.split_once("](") {
        let Some((target, after)) = after.split_once(')') else {
            break;
        };
        // A title may stand behind it.
        found.extend(target.split_whitespace().next().map(String::from));
        rest = after;
    }
    if line.starts_with('[')
        && let Some((_, target)) = line.split_once("]: ")
    {
        found.push(target.trim().to_string());
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(text: &str) -> Page {
        Page::read(text)
    }

    #[test]
    fn links_are_those_outside_of_code() {
        let text =
            "[a](b.md) and `x[i](y)` and [c](d.md \"title\")\n```rust\nf[0](z)\n```\n[e]: g.md\n";
        let links: Vec<_> = page(text).links;
        let links: Vec<_> = links
            .iter()
            .map(|(line, to)| (*line, to.as_str()))
            .collect();
        assert_eq!(links, [(1, "b.md"), (1, "d.md"), (5, "g.md")]);
    }

    #[test]
    fn headings_are_named_as_where_they_are_shown() {
        let text = "# Cold builds\n## `detach`, and *why*\n## A_b\n# Cold builds\n#no\n";
        assert_eq!(
            page(text).anchors,
            ["cold-builds", "detach-and-why", "a_b", "cold-builds-1"]
        );
    }

    #[test]
    fn a_link_leads_to_a_file_and_a_heading() {
        let pages: BTreeMap<_, _> = [
            (PathBuf::from("docs/a.md"), page("# One\n")),
            (PathBuf::from("README.md"), page("# Two\n")),
        ]
        .into();
        let there = |path: &Path| pages.contains_key(path) || path == Path::new("LICENSE");
        let wrong = |from: &str, target: &str| wrong(Path::new(from), target, &pages, there);
        let right = [
            ("README.md", "docs/a.md#one"),
            ("README.md", "#two"),
            ("README.md", "LICENSE"),
            ("docs/a.md", "https://example.org/none"),
            ("docs/b/c.md", "../a.md"),
        ];
        for (from, target) in right {
            assert_eq!(wrong(from, target), None, "{from} {target}");
        }
        assert!(wrong("README.md", "docs/b.md").is_some());
        assert!(wrong("README.md", "docs/a.md#two").is_some());
        assert!(wrong("README.md", "LICENSE#x").is_some());
        assert!(wrong("docs/a.md", "../README.md").is_some());
        assert_eq!(wrong("docs/a.md", &format!("{REPOSITORY}README.md")), None);
        assert!(wrong("docs/a.md", &format!("{REPOSITORY}none")).is_some());
    }

    #[test]
    fn the_book_has_all_pages() {
        let pages: BTreeMap<_, _> = [
            (PathBuf::from("docs/SUMMARY.md"), page("[A](a.md)\n")),
            (PathBuf::from("docs/a.md"), page("")),
            (PathBuf::from("docs/b/c.md"), page("")),
            (PathBuf::from("README.md"), page("")),
        ]
        .into();
        assert_eq!(
            left_out(&pages),
            ["docs/b/c.md: docs/SUMMARY.md leaves it out"]
        );
    }
}
