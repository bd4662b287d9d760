//! Rewrites the manifests in a source archive.

use std::fs;
use std::path::Path;

use toml::{Table, Value};

use super::crates::PathCrate;
use crate::error::{Error, Result};

/// The tables with dependencies.
const DEPENDENCIES: [&str; 2] = ["dependencies", "build-dependencies"];

/// A manifest as it is in the archive: nothing is inherited from a workspace, and paths lead to the
/// crates in the archive. What only tests need is left out.
pub(super) fn rewritten(one: &PathCrate, crates: &[PathCrate]) -> Result<String> {
    let file = one.folder.join("Cargo.toml");
    let mut manifest = read(&file)?;
    let workspace = match one.workspace == file {
        true => manifest.clone(),
        false => read(&one.workspace)?,
    };
    let own = workspace
        .get("workspace")
        .and_then(Value::as_table)
        .cloned();
    let shared = own.unwrap_or_default();
    for name in [
        "workspace",
        "lints",
        "profile",
        "patch",
        "dev-dependencies",
        "bench",
        "test",
        "example",
    ] {
        manifest.remove(name);
    }
    package(&mut manifest, &shared, one);
    let place = Place {
        one,
        crates,
        workspace: &one.workspace,
        shared: shared.get("dependencies").and_then(Value::as_table),
    };
    place.tables(&mut manifest)?;
    let targets = manifest.get_mut("target").and_then(Value::as_table_mut);
    for (_, target) in targets.into_iter().flatten() {
        if let Some(target) = target.as_table_mut() {
            target.remove("dev-dependencies");
            place.tables(target)?;
        }
    }
    if one.is_root {
        if let Some(profile) = workspace.get("profile") {
            manifest.insert("profile".into(), for_archive(profile, crates));
        }
        let mut of_archive = Table::new();
        if !crates.is_empty() {
            of_archive.insert("members".into(), vec!["crates/*".to_owned()].into());
        }
        if let Some(resolver) = shared.get("resolver") {
            of_archive.insert("resolver".into(), resolver.clone());
        }
        manifest.insert("workspace".into(), of_archive.into());
    }
    let text = toml::to_string(&manifest)
        .map_err(|error| Error::new(format!("cannot write {} anew: {error}", file.display())))?;
    Ok(format!(
        "# Written by cargo hpy sdist, for a source archive.\n{text}"
    ))
}

fn read(path: &Path) -> Result<Table> {
    let text = fs::read_to_string(path).map_err(|error| Error::io("read", path, error))?;
    text.parse()
        .map_err(|error| Error::new(format!("{} is not TOML: {error}", path.display())))
}

/// Fills in what the package inherits, and removes paths to files that the archive does not have.
fn package(manifest: &mut Table, shared: &Table, one: &PathCrate) {
    let Some(package) = manifest.get_mut("package").and_then(Value::as_table_mut) else {
        return;
    };
    let inherited = shared.get("package").and_then(Value::as_table);
    let keys: Vec<String> = package.keys().cloned().collect();
    for key in keys {
        let is_inherited = package[&key].get("workspace").is_some();
        if !is_inherited {
            continue;
        }
        match inherited.and_then(|table| table.get(&key)) {
            Some(value) => package.insert(key, value.clone()),
            None => package.remove(&key),
        };
    }
    for key in ["readme", "license-file"] {
        let path = package.get(key).and_then(Value::as_str);
        if path.is_some_and(|path| !one.folder.join(path).is_file() || path.contains("..")) {
            package.remove(key);
        }
    }
    package.remove("workspace");
}

/// Where a manifest's dependencies are looked up.
struct Place<'a> {
    one: &'a PathCrate,
    crates: &'a [PathCrate],
    workspace: &'a Path,
    /// `[workspace.dependencies]`
    shared: Option<&'a Table>,
}

impl Place<'_> {
    fn tables(&self, table: &mut Table) -> Result<()> {
        for name in DEPENDENCIES {
            let dependencies = table.get_mut(name).and_then(Value::as_table_mut);
            for (name, dependency) in dependencies.into_iter().flatten() {
                self.dependency(name, dependency)?;
            }
        }
        Ok(())
    }

    fn dependency(&self, name: &str, dependency: &mut Value) -> Result<()> {
        let mut folder = self.one.folder.as_path();
        if dependency.get("workspace").is_some() {
            let shared = self.shared.and_then(|shared| shared.get(name));
            let shared = shared.ok_or_else(|| {
                Error::new(format!(
                    "{} inherits {name}, which {} does not have",
                    self.one.folder.display(),
                    self.workspace.display()
                ))
                .advise("add it to [workspace.dependencies]")
            })?;
            let own = dependency.as_table().cloned().unwrap_or_default();
            *dependency = merged(shared, &own);
            folder = self.workspace.parent().unwrap_or(folder);
        }
        let Some(table) = dependency.as_table_mut() else {
            return Ok(());
        };
        let Some(path) = table.get("path").and_then(Value::as_str) else {
            return Ok(());
        };
        let wanted = folder.join(path);
        let wanted = wanted.canonicalize().unwrap_or(wanted);
        let carried = self.crates.iter().find(|one| one.folder == wanted);
        let carried = carried.ok_or_else(|| {
            Error::new(format!("{} is no crate of this machine", wanted.display()))
                .advise(format!("correct the path of {name} in Cargo.toml"))
        })?;
        let path = match self.one.is_root {
            true => carried.place(),
            false => format!("../{}", carried.name),
        };
        table.insert("path".into(), path.into());
        Ok(())
    }
}

/// A dependency of the workspace with what the package adds.
fn merged(shared: &Value, own: &Table) -> Value {
    let mut table = match shared {
        Value::Table(table) => table.clone(),
        version => Table::from_iter([("version".to_owned(), version.clone())]),
    };
    for (key, value) in own {
        match (key.as_str(), table.get_mut(key), value) {
            ("workspace", _, _) => {}
            ("features", Some(Value::Array(features)), Value::Array(more)) => {
                features.extend(more.iter().cloned());
            }
            _ => {
                table.insert(key.clone(), value.clone());
            }
        }
    }
    table.into()
}

/// A workspace's profiles without those of packages that the archive does not have.
fn for_archive(profiles: &Value, crates: &[PathCrate]) -> Value {
    let mut profiles = profiles.clone();
    for (_, profile) in profiles.as_table_mut().into_iter().flatten() {
        let packages = profile.get_mut("package").and_then(Value::as_table_mut);
        if let Some(packages) = packages {
            packages.retain(|name, _| name == "*" || crates.iter().any(|one| one.name == *name));
        }
    }
    profiles
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    #[test]
    fn a_package_adds_to_the_workspaces_dependency() {
        let shared = Value::Table("version = '1'\nfeatures = ['a']".parse().unwrap());
        let own: Table = "workspace = true\nfeatures = ['b']\noptional = true"
            .parse()
            .unwrap();
        let merged = merged(&shared, &own);
        assert_eq!(merged["features"].as_array().unwrap().len(), 2);
        assert_eq!(merged["version"].as_str(), Some("1"));
        assert_eq!(merged["optional"].as_bool(), Some(true));
        assert!(merged.get("workspace").is_none());
    }

    #[test]
    fn profiles_of_absent_packages_are_left_out() {
        let profiles = Value::Table(
            "[dev.package.gone]\nopt-level = 1\n[dev.package.here]\nopt-level = 2"
                .parse()
                .unwrap(),
        );
        let here = PathCrate {
            name: "here".into(),
            folder: PathBuf::new(),
            workspace: PathBuf::new(),
            is_root: false,
        };
        let left = for_archive(&profiles, &[here]);
        let packages = left["dev"]["package"].as_table().unwrap();
        assert_eq!(packages.keys().collect::<Vec<_>>(), ["here"]);
    }
}
