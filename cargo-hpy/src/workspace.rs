//! The packages of a workspace, from `cargo metadata`.

use std::collections::HashSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::error::{Error, Result};
use crate::request::Abi;

/// A workspace, or a package alone.
#[derive(Debug)]
pub(crate) struct Workspace {
    /// Cargo's target folder.
    pub(crate) target: PathBuf,
    /// The folder of the workspace's manifest.
    #[cfg(feature = "packaging")]
    pub(crate) root: PathBuf,
    packages: Vec<Package>,
}

/// One package of it.
#[derive(Clone, Debug)]
pub(crate) struct Package {
    pub(crate) name: String,
    /// What cargo's messages call it.
    pub(crate) id: String,
    pub(crate) manifest: PathBuf,
    features: HashSet<String>,
    /// The names of its dependencies in its code.
    dependencies: HashSet<String>,
    has_cdylib: bool,
    /// All that cargo tells of it.
    #[cfg(feature = "packaging")]
    pub(crate) facts: Value,
}

/// The cargo that runs this tool, otherwise the one on the `PATH`.
pub(crate) fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")))
}

/// Cargo could not be started.
pub(crate) fn no_cargo(error: std::io::Error) -> Error {
    Error::io("run", Path::new("cargo"), error)
        .advise("install Rust from https://rustup.rs, or set CARGO to the path of cargo")
}

impl Workspace {
    pub(crate) fn read(manifest: &Path) -> Result<Self> {
        if !manifest.is_file() {
            return Err(
                Error::new(format!("there is no {}", manifest.display())).advise(
                    "name the folder of an extension's Cargo.toml; `cargo hpy new NAME` makes a \
                     package",
                ),
            );
        }
        let output = cargo()
            .args([
                "metadata",
                "--no-deps",
                "--format-version=1",
                "--manifest-path",
            ])
            .arg(manifest)
            .stderr(Stdio::inherit())
            .output()
            .map_err(no_cargo)?;
        if !output.status.success() {
            return Err(
                Error::new(format!("cargo cannot read {}", manifest.display()))
                    .with_code(output.status.code()),
            );
        }
        let metadata: Value = serde_json::from_slice(&output.stdout)
            .map_err(|error| Error::new(format!("cargo metadata printed no JSON: {error}")))?;
        Self::parse(&metadata)
            .ok_or_else(|| Error::new("cargo metadata printed JSON in an unexpected format"))
    }

    fn parse(metadata: &Value) -> Option<Self> {
        let packages = metadata["packages"].as_array()?;
        Some(Workspace {
            target: metadata["target_directory"].as_str()?.into(),
            #[cfg(feature = "packaging")]
            root: metadata["workspace_root"].as_str().unwrap_or(".").into(),
            packages: packages.iter().map(Package::parse).collect::<Option<_>>()?,
        })
    }

    /// The packages with these names, or that of `manifest` without names.
    pub(crate) fn select(&self, manifest: &Path, names: &[String]) -> Result<Vec<Package>> {
        if names.is_empty() {
            let wanted = manifest
                .canonicalize()
                .map_err(|error| Error::io("resolve", manifest, error))?;
            let own = self.packages.iter().find(|package| {
                package
                    .manifest
                    .canonicalize()
                    .is_ok_and(|own| own == wanted)
            });
            return match own {
                Some(package) => Ok(vec![package.clone()]),
                None => Err(Error::new(format!(
                    "{} is a workspace without a package of its own",
                    manifest.display()
                ))
                .advise(format!(
                    "name the folder of one of its packages: {}",
                    self.extensions()
                ))),
            };
        }
        names
            .iter()
            .map(|name| {
                let found = self.packages.iter().find(|package| package.name == *name);
                found.cloned().ok_or_else(|| {
                    Error::new(format!(
                        "the workspace of {} has no package {name}",
                        manifest.display()
                    ))
                    .advise(format!("its extensions are: {}", self.extensions()))
                })
            })
            .collect()
    }

    /// The folders of the packages that are extensions, for a message.
    fn extensions(&self) -> String {
        let folders: Vec<_> = self
            .packages
            .iter()
            .filter(|package| package.has_cdylib)
            .map(|package| package.folder().display().to_string())
            .collect();
        if folders.is_empty() {
            "(none has crate-type = [\"cdylib\"])".into()
        } else {
            folders.join(", ")
        }
    }
}

impl Package {
    fn parse(package: &Value) -> Option<Self> {
        let is_cdylib = |target: &Value| {
            let types = target["crate_types"].as_array();
            types.is_some_and(|types| types.iter().any(|kind| kind == "cdylib"))
                && target["kind"]
                    .as_array()
                    .is_some_and(|kinds| kinds.iter().all(|kind| kind != "example"))
        };
        let dependency = |one: &Value| {
            let name = one["rename"].as_str().or(one["name"].as_str())?;
            one["kind"].is_null().then(|| name.to_owned())
        };
        let dependencies = package["dependencies"].as_array();
        Some(Package {
            name: package["name"].as_str()?.into(),
            id: package["id"].as_str()?.into(),
            manifest: package["manifest_path"].as_str()?.into(),
            features: package["features"].as_object()?.keys().cloned().collect(),
            dependencies: dependencies
                .into_iter()
                .flatten()
                .filter_map(dependency)
                .collect(),
            has_cdylib: package["targets"].as_array()?.iter().any(is_cdylib),
            #[cfg(feature = "packaging")]
            facts: package.clone(),
        })
    }

    /// The folder of its manifest.
    pub(crate) fn folder(&self) -> &Path {
        // A manifest's path always has a parent. The current folder is only a formality.
        self.manifest.parent().unwrap_or(Path::new("."))
    }

    /// Whether its manifest has the feature.
    pub(crate) fn has_feature(&self, feature: &str) -> bool {
        self.features.contains(feature)
    }

    /// Checks that stubs can be made: the package must depend on `hpy`, whose macros describe the
    /// modules.
    pub(crate) fn check_description(&self) -> Result<()> {
        if self.dependencies.contains("hpy") {
            return Ok(());
        }
        Err(Error::new(format!(
            "{} does not depend on hpy, whose macros describe the modules",
            self.name
        ))
        .advise(format!(
            "if its modules are declared by hpy_module!, add hpy to [dependencies] in {}; stubs \
             of code without it are written by hand",
            self.manifest.display()
        )))
    }

    /// Checks that its manifest has what an extension in this ABI needs.
    pub(crate) fn check(&self, abi: &Abi) -> Result<()> {
        if !self.has_cdylib {
            return Err(Error::new(format!(
                "{} does not build a library that Python can load",
                self.name
            ))
            .advise(format!(
                "{} needs these lines:\n[lib]\ncrate-type = [\"cdylib\"]\n\n[features]\n\
                     universal = [\"hpy/universal\"]",
                self.manifest.display()
            )));
        }
        if let Some(feature) = abi.feature().filter(|name| !self.features.contains(*name)) {
            let what = match abi {
                Abi::Hybrid(_) => "HPy's hybrid form",
                _ => "the universal ABI",
            };
            return Err(Error::new(format!(
                "{} has no feature \"{feature}\", which {what} needs",
                self.name
            ))
            .advise(format!(
                "add this to {}:\n[features]\n{feature} = [\"hpy/{feature}\"]",
                self.manifest.display()
            )));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn workspace(crate_type: &str, features: Value) -> Workspace {
        let metadata = json!({
            "target_directory": "/t",
            "packages": [{
                "name": "one", "id": "path+file:///one#0.1.0",
                "manifest_path": "/one/Cargo.toml", "features": features,
                "targets": [{"kind": [crate_type], "crate_types": [crate_type]}],
            }],
        });
        Workspace::parse(&metadata).unwrap()
    }

    #[test]
    fn a_plain_library_is_told_the_lines_it_lacks() {
        let error = workspace("lib", json!({})).packages[0]
            .check(&Abi::Universal)
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("[lib]\n        crate-type = [\"cdylib\"]"),
            "{error}"
        );
        assert!(error.contains("/one/Cargo.toml"), "{error}");
    }

    #[test]
    fn the_universal_abi_needs_its_feature() {
        let error = workspace("cdylib", json!({})).packages[0]
            .check(&Abi::Universal)
            .unwrap_err()
            .to_string();
        assert!(error.contains("universal = [\"hpy/universal\"]"), "{error}");
        let with = workspace("cdylib", json!({"universal": ["hpy/universal"]}));
        assert!(with.packages[0].check(&Abi::Universal).is_ok());
    }

    #[test]
    fn stubs_are_made_of_what_hpy_describes() {
        let package = |dependencies: Value| {
            let metadata = json!({
                "name": "one", "id": "one", "manifest_path": "/one/Cargo.toml", "features": {},
                "dependencies": dependencies, "targets": [],
            });
            Package::parse(&metadata).unwrap()
        };
        for dependencies in [
            json!([{"name": "hpy", "rename": null, "kind": null}]),
            json!([{"name": "hpy-rs", "rename": "hpy", "kind": null}]),
        ] {
            assert!(package(dependencies).check_description().is_ok());
        }
        for dependencies in [
            json!([]),
            json!([{"name": "hpy-sys", "rename": null, "kind": null}]),
            json!([{"name": "hpy", "rename": null, "kind": "dev"}]),
        ] {
            let error = package(dependencies).check_description().unwrap_err();
            assert!(
                error
                    .to_string()
                    .contains("add hpy to [dependencies] in /one/Cargo.toml"),
                "{error}"
            );
        }
    }

    #[test]
    fn an_unknown_package_is_answered_with_those_there_are() {
        let workspace = workspace("cdylib", json!({}));
        let error = workspace
            .select(Path::new("/one/Cargo.toml"), &["two".into()])
            .unwrap_err()
            .to_string();
        assert!(error.contains("no package two"), "{error}");
        assert!(error.contains("/one"), "{error}");
    }
}
