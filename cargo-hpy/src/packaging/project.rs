//! An extension as a Python distribution: what `pyproject.toml` and `Cargo.toml` say of it.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::files;
use super::licenses::{self, LicenseFile};
use super::metadata::{Metadata, Person, Readme};
use super::pyproject::{Options, PyProject, Section};
use super::version;
use crate::error::{Error, Result};
use crate::workspace::{Package, Workspace};

/// An extension, and what is told of it.
pub(crate) struct Project {
    /// The folder of `pyproject.toml`, or of `Cargo.toml` if there is no such file.
    pub(crate) folder: PathBuf,
    pub(crate) workspace: Workspace,
    pub(crate) package: Package,
    pub(crate) options: Options,
    pub(crate) metadata: Metadata,
    pub(crate) license_files: Vec<LicenseFile>,
}

impl Project {
    /// Reads the project in `folder`.
    pub(crate) fn read(folder: &Path) -> Result<Self> {
        let folder = folder
            .canonicalize()
            .map_err(|error| Error::io("find", folder, error))?;
        let python = PyProject::read(&folder)?;
        let PyProject { project, options } = python.unwrap_or_default();
        let manifest = match &options.manifest {
            Some(manifest) => folder.join(manifest),
            None => folder.join("Cargo.toml"),
        };
        let workspace = Workspace::read(&manifest)?;
        let package = workspace.select(&manifest, &[])?.remove(0);
        let root = workspace.root.clone();
        let mut read = Project {
            license_files: licenses::usual(&[&folder, package.folder(), &root]),
            folder,
            workspace,
            package,
            options,
            metadata: Metadata::default(),
        };
        match project {
            None => {
                read.metadata = Metadata {
                    version: read.cargo_version()?,
                    readme: read.cargo_readme()?,
                    ..read.cargo_metadata()
                }
            }
            Some(project) => read.apply(&project)?,
        }
        let named = read.license_files.iter().map(|file| file.name.clone());
        read.metadata.license_files = named.collect();
        Ok(read)
    }

    /// The folder in the wheel for the extension's modules: empty, or that of a package.
    pub(crate) fn module_folder(&self) -> String {
        let name = self.options.module_name.as_deref().unwrap_or_default();
        match name.rsplit_once('.') {
            Some((package, _)) => format!("{}/", package.replace('.', "/")),
            None => String::new(),
        }
    }

    /// The folder with the Python packages, if the project has one.
    pub(crate) fn python_source(&self) -> Result<Option<PathBuf>> {
        let Some(folder) = &self.options.python_source else {
            return Ok(None);
        };
        let folder = self.folder.join(folder);
        if folder.is_dir() {
            return Ok(Some(folder));
        }
        Err(Error::new(format!(
            "tool.hpy.python-source names {}, which is not a folder",
            folder.display()
        ))
        .advise("create it, with the Python package in it, or correct pyproject.toml"))
    }

    /// What Cargo.toml says, without the version and the readme. These can be wrong, which is an
    /// error only if they are wanted.
    fn cargo_metadata(&self) -> Metadata {
        let facts = &self.package.facts;
        let text = |key: &str| facts[key].as_str().map(str::to_owned);
        let texts = |key: &str| {
            let list = facts[key].as_array().into_iter().flatten();
            list.filter_map(Value::as_str).map(str::to_owned)
        };
        let urls = [
            ("Homepage", "homepage"),
            ("Documentation", "documentation"),
            ("Repository", "repository"),
        ];
        Metadata {
            name: self.package.name.clone(),
            summary: text("description"),
            requires_python: Some(">=3.9".into()),
            license_expression: text("license").map(|license| license.replace('/', " OR ")),
            authors: texts("authors").map(|author| person(&author)).collect(),
            keywords: texts("keywords").collect(),
            urls: urls
                .into_iter()
                .filter_map(|(label, key)| Some((label.to_owned(), text(key)?)))
                .collect(),
            ..Metadata::default()
        }
    }

    fn cargo_version(&self) -> Result<String> {
        version::from_cargo(self.package.facts["version"].as_str().unwrap_or_default())
    }

    fn cargo_readme(&self) -> Result<Option<Readme>> {
        let Some(path) = self.package.facts["readme"].as_str() else {
            return Ok(None);
        };
        read_readme(&self.package.folder().join(path), None).map(Some)
    }

    /// What `[project]` says. Cargo.toml's values remain for what is listed as dynamic only, as the
    /// specification has it.
    fn apply(&mut self, project: &Section) -> Result<()> {
        let dynamic = project.texts("dynamic")?.unwrap_or_default();
        let is_dynamic = |key: &str| dynamic.iter().any(|one| one == key);
        if let Some(both) = dynamic.iter().find(|key| project.get(key).is_some()) {
            return Err(project
                .wrong(both, "is given and is listed in project.dynamic")
                .advise("remove one of the two"));
        }
        let cargo = self.cargo_metadata();
        let name = project.text("name")?;
        let name = name.ok_or_else(|| {
            project
                .wrong("name", "is missing")
                .advise(format!("write name = \"{}\"", self.package.name))
        })?;
        if !version::is_name(&name) {
            return Err(project
                .wrong("name", "is not a distribution's name")
                .advise("use letters, digits, `-`, `_` and `.` only"));
        }
        let version = match project.text("version")? {
            Some(version) => version::normalized_version(&version).ok_or_else(|| {
                project
                    .wrong("version", &format!("is {version:?}, which is no version"))
                    .advise("write one such as 1.2.0 or 1.2.0rc1")
            })?,
            None if is_dynamic("version") => self.cargo_version()?,
            None => {
                return Err(project.wrong("version", "is missing").advise(
                    "write dynamic = [\"version\"] to take Cargo.toml's version, or write one",
                ));
            }
        };
        let text = |key: &str, other: Option<String>| match project.text(key)? {
            None if is_dynamic(key) => Ok(other),
            text => Ok::<_, Error>(text),
        };
        let texts = |key: &str, other: Vec<String>| match project.texts(key)? {
            None if is_dynamic(key) => Ok(other),
            texts => Ok::<_, Error>(texts.unwrap_or_default()),
        };
        let mut metadata = Metadata {
            name,
            version,
            summary: text("description", cargo.summary)?,
            readme: match project.get("readme") {
                None if is_dynamic("readme") => self.cargo_readme()?,
                _ => self.readme(project)?,
            },
            requires_python: text("requires-python", cargo.requires_python)?,
            authors: people(project, "authors")?,
            maintainers: people(project, "maintainers")?,
            keywords: texts("keywords", cargo.keywords)?,
            classifiers: texts("classifiers", Vec::new())?,
            urls: project.pairs("urls")?,
            dependencies: texts("dependencies", Vec::new())?,
            ..Metadata::default()
        };
        if let Some(python) = &metadata.requires_python
            && !version::is_specifiers(python)
        {
            return Err(project
                .wrong(
                    "requires-python",
                    &format!("is {python:?}, which says no versions"),
                )
                .advise("write one such as \">=3.9\""));
        }
        check_dependencies(project, "dependencies", &metadata.dependencies)?;
        if is_dynamic("authors") {
            metadata.authors = cargo.authors;
        }
        if is_dynamic("urls") {
            metadata.urls = cargo.urls;
        }
        if let Some(extras) = project.section("optional-dependencies")? {
            for extra in extras.keys() {
                let dependencies = extras.texts(extra)?.unwrap_or_default();
                check_dependencies(&extras, extra, &dependencies)?;
                metadata
                    .extras
                    .insert(version::normalized(extra), dependencies);
            }
        }
        for (key, group) in [
            ("scripts", "console_scripts"),
            ("gui-scripts", "gui_scripts"),
        ] {
            metadata
                .entry_points
                .insert(group.into(), entry_points(project, key)?);
        }
        if let Some(groups) = project.section("entry-points")? {
            for group in groups.keys() {
                if group.contains(']') || group.contains(char::is_control) {
                    return Err(groups.wrong(group, "is not the name of a group"));
                }
                metadata
                    .entry_points
                    .insert(group.into(), entry_points(&groups, group)?);
            }
        }
        self.license(
            project,
            &mut metadata,
            cargo.license_expression,
            is_dynamic("license"),
        )?;
        self.metadata = metadata;
        Ok(())
    }

    fn license(
        &mut self,
        project: &Section,
        metadata: &mut Metadata,
        of_cargo: Option<String>,
        is_dynamic: bool,
    ) -> Result<()> {
        match project.get("license") {
            None if is_dynamic => metadata.license_expression = of_cargo,
            None => {}
            Some(toml::Value::String(expression)) => {
                metadata.license_expression = Some(expression.clone());
            }
            Some(_) => {
                // As it was written before PEP 639.
                let wrong = || project.wrong("license", "must be a string such as \"MIT\"");
                let old = project.section("license").ok().flatten();
                let old = old.ok_or_else(wrong)?;
                metadata.license_text = old.text("text")?;
                if let Some(file) = old.text("file")? {
                    self.license_files = licenses::named(&self.folder, &[file])?;
                }
            }
        }
        let is_license = |one: &&String| one.starts_with("License ::");
        if let Some(classifier) = metadata.classifiers.iter().find(is_license)
            && metadata.license_expression.is_some()
        {
            return Err(project
                .wrong(
                    "classifiers",
                    &format!("has {classifier:?} beside project.license"),
                )
                .advise("remove the classifier: indexes reject a distribution with both"));
        }
        if let Some(globs) = project.texts("license-files")? {
            self.license_files = licenses::named(&self.folder, &globs)?;
        }
        Ok(())
    }

    fn readme(&self, project: &Section) -> Result<Option<Readme>> {
        match project.get("readme") {
            None => Ok(None),
            Some(toml::Value::String(file)) => read_readme(&self.folder.join(file), None).map(Some),
            Some(_) => {
                let wrong = || project.wrong("readme", "must be a file's name or a table");
                let table = project.section("readme").ok().flatten();
                let table = table.ok_or_else(wrong)?;
                let content_type = table.text("content-type")?;
                match (table.text("file")?, table.text("text")?) {
                    (Some(file), None) => {
                        read_readme(&self.folder.join(file), content_type).map(Some)
                    }
                    (None, Some(text)) => Ok(Some(Readme {
                        text,
                        content_type: content_type.unwrap_or_else(|| "text/plain".into()),
                    })),
                    _ => Err(project.wrong("readme", "must have either `file` or `text`")),
                }
            }
        }
    }
}

/// The entries of a group. Each is a line of `entry_points.txt`.
fn entry_points(section: &Section, key: &str) -> Result<Vec<(String, String)>> {
    let pairs = section.pairs(key)?;
    for (name, object) in &pairs {
        let is_name = !name.contains('=') && !name.trim().is_empty() && !name.starts_with('[');
        let has_control = [name, object]
            .iter()
            .any(|one| one.contains(char::is_control));
        if !is_name || has_control {
            let what = format!("has {name:?} = {object:?}, which is no entry point");
            return Err(section
                .wrong(key, &what)
                .advise("write one such as words = \"words.cli:main\""));
        }
    }
    Ok(pairs)
}

fn check_dependencies(section: &Section, key: &str, dependencies: &[String]) -> Result<()> {
    let wrong = dependencies.iter().find(|one| !version::is_dependency(one));
    wrong.map_or(Ok(()), |wrong| {
        Err(section
            .wrong(key, &format!("has {wrong:?}, which is no dependency"))
            .advise("write one such as \"attrs>=23\" or \"attrs @ https://…\""))
    })
}

fn read_readme(path: &Path, content_type: Option<String>) -> Result<Readme> {
    let advice = "add this file, or correct `readme` in pyproject.toml or Cargo.toml";
    let content = files::read(path).map_err(|error| error.advise(advice))?;
    let text = String::from_utf8(content)
        .map_err(|_| Error::new(format!("{} is not UTF-8", path.display())).advise("convert it"))?;
    let by_name = match path.extension().and_then(|end| end.to_str()) {
        Some("md" | "markdown") => "text/markdown",
        Some("rst") => "text/x-rst",
        _ => "text/plain",
    };
    Ok(Readme {
        text,
        content_type: content_type.unwrap_or_else(|| by_name.into()),
    })
}

/// `Name <address>`, as Cargo.toml has it.
fn person(author: &str) -> Person {
    let set = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    match author.split_once('<') {
        Some((name, email)) => Person {
            name: set(name),
            email: set(email.trim_end_matches(['>', ' '])),
        },
        None => Person {
            name: set(author),
            email: None,
        },
    }
}

fn people(project: &Section, key: &str) -> Result<Vec<Person>> {
    let tables = project.sections(key)?;
    let people = tables.iter().map(|person| {
        Ok(Person {
            name: person.text("name")?,
            email: person.text("email")?,
        })
    });
    people.collect()
}
