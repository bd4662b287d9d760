//! Core metadata: the file `METADATA` of a wheel and `PKG-INFO` of a source archive.

use std::collections::BTreeMap;
use std::fmt::Write;

/// A person or an organization.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Person {
    pub(crate) name: Option<String>,
    pub(crate) email: Option<String>,
}

/// The long description.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Readme {
    pub(crate) text: String,
    pub(crate) content_type: String,
}

/// Everything that an index and an installer are told of a distribution.
#[derive(Clone, Debug, Default)]
pub(crate) struct Metadata {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) summary: Option<String>,
    pub(crate) readme: Option<Readme>,
    pub(crate) requires_python: Option<String>,
    pub(crate) license_expression: Option<String>,
    /// The text of a licence without an expression, as it was written before PEP 639.
    pub(crate) license_text: Option<String>,
    /// The names of the files below `licenses/`.
    pub(crate) license_files: Vec<String>,
    pub(crate) authors: Vec<Person>,
    pub(crate) maintainers: Vec<Person>,
    pub(crate) keywords: Vec<String>,
    pub(crate) classifiers: Vec<String>,
    pub(crate) urls: Vec<(String, String)>,
    pub(crate) dependencies: Vec<String>,
    pub(crate) extras: BTreeMap<String, Vec<String>>,
    /// The groups of entry points with their names and objects.
    pub(crate) entry_points: BTreeMap<String, Vec<(String, String)>>,
}

impl Metadata {
    /// The text of `METADATA`, version 2.4.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        let mut field = |name: &str, value: &str| {
            // A line break in a header would begin the next one.
            let value = value.replace("\r\n", "\n").replace('\n', "\n        ");
            let _ = writeln!(text, "{name}: {value}");
        };
        field("Metadata-Version", "2.4");
        field("Name", &self.name);
        field("Version", &self.version);
        if let Some(summary) = &self.summary {
            field(
                "Summary",
                &summary.split_whitespace().collect::<Vec<_>>().join(" "),
            );
        }
        people(&mut field, "Author", &self.authors);
        people(&mut field, "Maintainer", &self.maintainers);
        if let Some(license) = &self.license_expression {
            field("License-Expression", license);
        } else if let Some(license) = &self.license_text {
            field("License", license);
        }
        for file in &self.license_files {
            field("License-File", file);
        }
        if !self.keywords.is_empty() {
            field("Keywords", &self.keywords.join(","));
        }
        for classifier in &self.classifiers {
            field("Classifier", classifier);
        }
        for (label, url) in &self.urls {
            field("Project-URL", &format!("{label}, {url}"));
        }
        if let Some(python) = &self.requires_python {
            field("Requires-Python", python);
        }
        for dependency in &self.dependencies {
            field("Requires-Dist", dependency);
        }
        for (extra, dependencies) in &self.extras {
            field("Provides-Extra", extra);
            for dependency in dependencies {
                field("Requires-Dist", &of_extra(dependency, extra));
            }
        }
        if let Some(readme) = &self.readme {
            field("Description-Content-Type", &readme.content_type);
            text.push('\n');
            text.push_str(&readme.text.replace("\r\n", "\n"));
            if !text.ends_with('\n') {
                text.push('\n');
            }
        }
        text
    }

    /// The text of `entry_points.txt`, if there are any.
    pub(crate) fn entry_points_text(&self) -> Option<String> {
        let groups = self
            .entry_points
            .iter()
            .filter(|(_, entries)| !entries.is_empty());
        let groups: Vec<_> = groups
            .map(|(group, entries)| {
                let lines = entries
                    .iter()
                    .map(|(name, object)| format!("{name} = {object}\n"));
                format!("[{group}]\n{}", lines.collect::<String>())
            })
            .collect();
        (!groups.is_empty()).then(|| groups.join("\n"))
    }
}

/// `Author: A, B` for those without an address, `Author-email: A <a@b>, …` for the others.
fn people(field: &mut impl FnMut(&str, &str), kind: &str, people: &[Person]) {
    let mut names = Vec::new();
    let mut addresses = Vec::new();
    for person in people {
        match (&person.name, &person.email) {
            (Some(name), None) => names.push(name.clone()),
            (Some(name), Some(email)) => addresses.push(format!("{} <{email}>", quoted(name))),
            (None, Some(email)) => addresses.push(email.clone()),
            (None, None) => {}
        }
    }
    if !names.is_empty() {
        field(kind, &names.join(", "));
    }
    if !addresses.is_empty() {
        field(&format!("{kind}-email"), &addresses.join(", "));
    }
}

/// A name in an address. Some characters need quotes there.
fn quoted(name: &str) -> String {
    if name.contains([
        ',', '.', '"', '<', '>', '(', ')', ':', ';', '@', '[', ']', '\\',
    ]) {
        format!("\"{}\"", name.replace('\\', r"\\").replace('"', "\\\""))
    } else {
        name.to_owned()
    }
}

/// `six; python_version < '4'` -> `six; (python_version < '4') and extra == 'tests'`
fn of_extra(dependency: &str, extra: &str) -> String {
    // In `name @ URL ; marker` the URL ends with a space.
    let separator = if dependency.contains('@') { " ;" } else { ";" };
    match dependency.split_once(separator) {
        Some((what, marker)) => {
            format!(
                "{what}{separator} ({}) and extra == '{extra}'",
                marker.trim()
            )
        }
        None => format!("{dependency}{separator} extra == '{extra}'"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_written_in_metadatas_own_form() {
        let metadata = Metadata {
            name: "words".into(),
            version: "1.0".into(),
            summary: Some("Counts\nwords".into()),
            authors: vec![
                Person {
                    name: Some("Ada".into()),
                    email: None,
                },
                Person {
                    name: Some("J. Doe".into()),
                    email: Some("j@example.org".into()),
                },
            ],
            license_expression: Some("MIT".into()),
            extras: BTreeMap::from([(
                "tests".to_owned(),
                vec![
                    "pytest".into(),
                    "six; os_name == 'nt'".into(),
                    "x @ https://x ; a".into(),
                ],
            )]),
            readme: Some(Readme {
                text: "# Words\r\n".into(),
                content_type: "text/markdown".into(),
            }),
            entry_points: BTreeMap::from([(
                "console_scripts".to_owned(),
                vec![("words".into(), "words:main".into())],
            )]),
            ..Metadata::default()
        };
        assert_eq!(
            metadata.text(),
            "Metadata-Version: 2.4\nName: words\nVersion: 1.0\nSummary: Counts words\n\
             Author: Ada\nAuthor-email: \"J. Doe\" <j@example.org>\nLicense-Expression: MIT\n\
             Provides-Extra: tests\nRequires-Dist: pytest; extra == 'tests'\n\
             Requires-Dist: six; (os_name == 'nt') and extra == 'tests'\n\
             Requires-Dist: x @ https://x ; (a) and extra == 'tests'\n\
             Description-Content-Type: text/markdown\n\n# Words\n"
        );
        assert_eq!(
            metadata.entry_points_text().unwrap(),
            "[console_scripts]\nwords = words:main\n"
        );
        assert!(Metadata::default().entry_points_text().is_none());
    }
}
