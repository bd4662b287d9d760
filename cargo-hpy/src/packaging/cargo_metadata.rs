//! The crates that an extension is made of, from `cargo metadata`.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde_json::Value;

use crate::error::{Error, Result};
use crate::target::Target;
use crate::workspace::{cargo, no_cargo};

/// A crate in the graph of dependencies.
#[derive(Clone, Debug)]
pub(crate) struct Crate {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) manifest: PathBuf,
    pub(crate) license: Option<String>,
    pub(crate) repository: Option<String>,
    pub(crate) description: Option<String>,
    is_proc_macro: bool,
    /// The ids of what it depends on, and whether that is part of the library (not for its build
    /// only).
    dependencies: Vec<(String, bool)>,
}

/// All crates that cargo needs for a package.
pub(crate) struct Graph {
    root: String,
    crates: HashMap<String, Crate>,
}

impl Graph {
    /// Resolves the dependencies of the package `id` with these features.
    pub(crate) fn read(
        manifest: &Path,
        id: &str,
        features: &[String],
        target: &Target,
    ) -> Result<Self> {
        let mut command = cargo();
        command
            .args(["metadata", "--format-version=1"])
            .arg("--manifest-path")
            .arg(manifest)
            .stderr(Stdio::inherit());
        for part in target.parts() {
            command.args(["--filter-platform", part.triple()]);
        }
        if !features.is_empty() {
            command.args(["--features", &features.join(",")]);
        }
        let output = command.output().map_err(no_cargo)?;
        if !output.status.success() {
            return Err(Error::new(format!(
                "cargo cannot resolve the dependencies of {}",
                manifest.display()
            ))
            .advise("see cargo's message above")
            .with_code(output.status.code()));
        }
        let metadata: Value = serde_json::from_slice(&output.stdout)
            .map_err(|error| Error::new(format!("cargo metadata printed no JSON: {error}")))?;
        let crates = Self::parse(&metadata)
            .ok_or_else(|| Error::new("cargo metadata printed JSON in an unexpected format"))?;
        Ok(Graph {
            root: id.to_owned(),
            crates,
        })
    }

    fn parse(metadata: &Value) -> Option<HashMap<String, Crate>> {
        let mut crates = HashMap::new();
        for package in metadata["packages"].as_array()? {
            let text = |key: &str| package[key].as_str().map(str::to_owned);
            let is_proc_macro = |target: &Value| {
                let kinds = target["kind"].as_array();
                kinds.is_some_and(|kinds| kinds.iter().any(|kind| kind == "proc-macro"))
            };
            crates.insert(
                text("id")?,
                Crate {
                    id: text("id")?,
                    name: text("name")?,
                    version: text("version")?,
                    manifest: text("manifest_path")?.into(),
                    license: text("license"),
                    repository: text("repository"),
                    description: text("description"),
                    is_proc_macro: package["targets"].as_array()?.iter().any(is_proc_macro),
                    dependencies: Vec::new(),
                },
            );
        }
        for node in metadata["resolve"]["nodes"].as_array()? {
            let depends = |one: &Value| {
                let kinds = one["dep_kinds"].as_array()?;
                let is_kind = |wanted: Value| kinds.iter().any(move |kind| kind["kind"] == wanted);
                let (linked, built) = (is_kind(Value::Null), is_kind("build".into()));
                (linked || built).then(|| Some((one["pkg"].as_str()?.to_owned(), linked)))?
            };
            let dependencies = node["deps"].as_array()?.iter().filter_map(depends);
            if let Some(one) = crates.get_mut(node["id"].as_str()?) {
                one.dependencies = dependencies.collect();
            }
        }
        Some(crates)
    }

    pub(crate) fn root(&self) -> Option<&Crate> {
        self.crates.get(&self.root)
    }

    /// The crates whose code is in the library, sorted by name and version, with the package
    /// itself.
    pub(crate) fn linked(&self) -> Vec<&Crate> {
        self.reachable(|one, linked| linked && !one.is_proc_macro)
    }

    /// All crates that a build compiles, sorted.
    pub(crate) fn compiled(&self) -> Vec<&Crate> {
        self.reachable(|_, _| true)
    }

    fn reachable(&self, follow: impl Fn(&Crate, bool) -> bool) -> Vec<&Crate> {
        let mut seen = BTreeSet::from([self.root.as_str()]);
        let mut open = vec![self.root.as_str()];
        let mut found = Vec::new();
        while let Some(one) = open.pop().and_then(|id| self.crates.get(id)) {
            found.push(one);
            for (id, linked) in &one.dependencies {
                let Some(next) = self.crates.get(id) else {
                    continue;
                };
                if follow(next, *linked) && seen.insert(id) {
                    open.push(id);
                }
            }
        }
        found.sort_by(|one, other| (&one.name, &one.version).cmp(&(&other.name, &other.version)));
        found
    }
}

impl Crate {
    /// The folder of its manifest.
    pub(crate) fn folder(&self) -> &Path {
        self.manifest.parent().unwrap_or(Path::new("."))
    }

    /// The crates that its own code is linked with.
    pub(crate) fn linked(&self) -> impl Iterator<Item = &str> {
        let linked = self.dependencies.iter().filter(|(_, linked)| *linked);
        linked.map(|(id, _)| id.as_str())
    }
}
