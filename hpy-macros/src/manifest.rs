//! Finds the name of a crate's dependency on `hpy` in its `Cargo.toml`. Reads only the TOML that
//! this requires.

use std::fs;
use std::path::Path;

/// The relevant part of a dependency.
#[derive(Default)]
struct Dependency {
    name: String,
    package: Option<String>,
    of_workspace: bool,
}

/// The name of the dependency on `hpy` of the crate in this folder. None if it is `hpy` or was not
/// found.
pub fn renamed(folder: &Path) -> Option<String> {
    let text = fs::read_to_string(folder.join("Cargo.toml")).ok()?;
    let of_workspace = |name: &str| {
        let manifests = folder.ancestors().map(|folder| folder.join("Cargo.toml"));
        let texts = manifests.filter_map(|path| fs::read_to_string(path).ok());
        let mut workspaces = texts.filter(|text| is_workspace(text));
        let workspace = workspaces.next()?;
        let dependencies = dependencies(&workspace, true);
        let found = dependencies.into_iter().find(|one| one.name == name)?;
        found.package
    };
    let name = name_in(&text, of_workspace)?;
    (name != "hpy").then(|| name.replace('-', "_"))
}

/// The name in a manifest. A dependency of the workspace is looked up there.
fn name_in(text: &str, of_workspace: impl Fn(&str) -> Option<String>) -> Option<String> {
    let mut renamed = None;
    for mut dependency in dependencies(text, false) {
        if dependency.of_workspace {
            dependency.package = of_workspace(&dependency.name);
        }
        match dependency.package.as_deref() {
            None if dependency.name == "hpy" => return Some(dependency.name),
            Some("hpy") => renamed = Some(dependency.name),
            _ => {}
        }
    }
    renamed
}

fn is_workspace(text: &str) -> bool {
    entries(text)
        .iter()
        .any(|entry| entry.path.first().is_some_and(|part| part == "workspace"))
}

/// The dependencies of a package, or those that a workspace defines for its members.
fn dependencies(text: &str, of_workspace: bool) -> Vec<Dependency> {
    let mut found: Vec<Dependency> = Vec::new();
    for entry in entries(text) {
        let is_of_workspace = entry.path.first().is_some_and(|part| part == "workspace");
        let kinds = ["dependencies", "dev-dependencies", "build-dependencies"];
        let Some(at) = entry
            .path
            .iter()
            .position(|part| kinds.contains(&part.as_str()))
        else {
            continue;
        };
        let [name, options @ ..] = &entry.path[at + 1..] else {
            continue;
        };
        if is_of_workspace != of_workspace {
            continue;
        }
        let place = found.iter().position(|one| one.name == *name);
        let place = place.unwrap_or_else(|| {
            found.push(Dependency {
                name: name.clone(),
                ..Dependency::default()
            });
            found.len() - 1
        });
        match options {
            [] => {
                for (key, value) in inline(&entry.value) {
                    found[place].take(&key, &value);
                }
            }
            [option, ..] => found[place].take(option, &entry.value),
        }
    }
    found
}

impl Dependency {
    fn take(&mut self, option: &str, value: &str) {
        match option {
            "package" => self.package = Some(unquoted(value)),
            "workspace" => self.of_workspace = value == "true",
            _ => {}
        }
    }
}

/// `path.of.the.table.and.key = value`
struct Entry {
    path: Vec<String>,
    value: String,
}

/// A table without keys is also an entry.
fn entries(text: &str) -> Vec<Entry> {
    let mut table: Vec<String> = Vec::new();
    let mut found = Vec::new();
    for line in logical_lines(text) {
        if let Some(header) = line.strip_prefix('[') {
            let header = header.trim_matches(|c| matches!(c, '[' | ']' | ' '));
            table = split(header, '.').map(|part| unquoted(&part)).collect();
            found.push(Entry {
                path: table.clone(),
                value: String::new(),
            });
        } else if let Some((key, value)) = line.split_once('=') {
            let mut path = table.clone();
            path.extend(split(key, '.').map(|part| unquoted(&part)));
            let value = value.trim().to_owned();
            found.push(Entry { path, value });
        }
    }
    found
}

/// The keys and values of `{ key = value, … }`.
fn inline(value: &str) -> Vec<(String, String)> {
    let Some(inner) = value.strip_prefix('{') else {
        return Vec::new();
    };
    let inner = inner.trim_end_matches('}');
    let pairs = split(inner, ',').filter_map(|pair| {
        let (key, value) = pair.split_once('=')?;
        Some((unquoted(key), value.trim().to_owned()))
    });
    pairs.collect()
}

fn unquoted(text: &str) -> String {
    text.trim().trim_matches(['"', '\'']).to_owned()
}

/// Lines without comments. A bracketed value is one line.
fn logical_lines(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut scan = Scan::default();
    for c in text.chars() {
        let before = scan.comment;
        scan.next(c);
        if c == '\n' && scan.is_outside() {
            lines.push(core::mem::take(&mut line).trim().to_owned());
        } else if !before && !scan.comment && c != '\n' {
            line.push(c);
        }
    }
    lines.push(line.trim().to_owned());
    lines
}

/// The parts between separators outside strings and brackets.
fn split(text: &str, separator: char) -> impl Iterator<Item = String> {
    let mut parts = vec![String::new()];
    let mut scan = Scan::default();
    for c in text.chars() {
        scan.next(c);
        match parts.last_mut() {
            Some(part) if c != separator || !scan.is_outside() => part.push(c),
            _ => parts.push(String::new()),
        }
    }
    parts.into_iter()
}

/// Whether a position is in a string or in brackets.
#[derive(Default)]
struct Scan {
    depth: usize,
    quote: Option<char>,
    escaped: bool,
    comment: bool,
}

impl Scan {
    fn next(&mut self, c: char) {
        if self.comment {
            self.comment = c != '\n';
            return;
        }
        match self.quote {
            Some('"') if self.escaped => self.escaped = false,
            Some('"') if c == '\\' => self.escaped = true,
            Some(quote) if c == quote => self.quote = None,
            Some(_) => {}
            None => match c {
                '"' | '\'' => self.quote = Some(c),
                '#' => self.comment = true,
                '[' | '{' => self.depth += 1,
                ']' | '}' => self.depth = self.depth.saturating_sub(1),
                _ => {}
            },
        }
    }

    fn is_outside(&self) -> bool {
        self.depth == 0 && self.quote.is_none() && !self.comment
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Option<String> {
        name_in(text, |name| {
            let workspace = "[workspace.dependencies]\nhp = { package = \"hpy\", version = \"1\" \
                             }\nserde = \"1\"";
            let mut all = dependencies(workspace, true).into_iter();
            all.find(|one| one.name == name)?.package
        })
    }

    #[test]
    fn the_dependency_is_found_in_every_form_of_a_manifest() {
        let forms = [
            "[dependencies]\nhp = { package = \"hpy\", path = \"..\" }",
            "[dependencies]\nserde = \"1\" # hpy = 1\nhp = { version = \"1\", features = [\n  \
             \"a\", # package = \"x\"\n], package = 'hpy' }",
            "[package]\nname = \"x\"\n[dependencies.hp]\npackage = \"hpy\"\n",
            "[dependencies]\nhp.version = \"1\"\nhp.package = \"hpy\"",
            "[target.'cfg(not(a.b))'.dependencies]\n\"hp\" = { package = \"hpy\" }",
            "[dev-dependencies]\nhp = { package = \"hpy\" }",
            "[dependencies]\nhp = { workspace = true }\nserde = { workspace = true }",
            "[dependencies]\nhp.workspace = true",
        ];
        for form in forms {
            assert_eq!(name(form).as_deref(), Some("hp"), "{form}");
        }
    }

    #[test]
    fn its_own_name_comes_first() {
        let both = "[dependencies]\nhp = { package = \"hpy\" }\nhpy = \"1\"";
        assert_eq!(name(both).as_deref(), Some("hpy"));
        assert_eq!(name("[dependencies]\nhpy = \"1\"").as_deref(), Some("hpy"));
        assert_eq!(
            name("[dependencies]\nhpy.workspace = true").as_deref(),
            Some("hpy")
        );
        assert_eq!(
            name(
                "[package]\nname = \"x\"\ndescription = \"\"\"\nhp = { package = \\\"hpy\\\" \
                 }\"\"\""
            ),
            None
        );
        assert_eq!(name("[dependencies]\nserde = \"1\""), None);
        assert_eq!(
            name("[workspace.dependencies]\nhp = { package = \"hpy\" }"),
            None
        );
    }
}
