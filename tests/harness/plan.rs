//! Builds topics, each workspace's with one call of cargo.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, anyhow};
use cargo_hpy::{Abi, BuildRequest, GlibcLinker, GlibcVersion, Out};
use serde_json::Value;

use crate::headers::{self, CApi};
use crate::topics::{Bound, Topic};

/// Topics of one workspace, which one call of cargo builds.
#[derive(Debug)]
struct Group {
    manifest: PathBuf,
    packages: Vec<String>,
    /// What binds them to one version of CPython.
    bound: Bound,
}

/// How to build a set of topics.
#[derive(Debug)]
pub struct Plan {
    groups: BTreeMap<(PathBuf, Bound), Group>,
    /// What cargo finds in its environment beside what is there.
    pub environment: Vec<(OsString, OsString)>,
    /// What rustc builds for, unless it is this machine.
    pub triple: Option<String>,
}

impl Plan {
    /// Asks cargo which packages the topics' folders are.
    ///
    /// # Errors
    /// If cargo does not know one of them.
    pub fn of(topics: &[Topic]) -> Result<Plan> {
        let mut groups: BTreeMap<(PathBuf, Bound), Group> = BTreeMap::new();
        let mut names: BTreeMap<PathBuf, (PathBuf, String)> = BTreeMap::new();
        for topic in topics {
            let manifest = topic.folder.join("Cargo.toml").canonicalize()?;
            if !names.contains_key(&manifest) {
                names.extend(packages(&metadata(&manifest)?));
            }
            let (workspace, package) = names
                .get(&manifest)
                .with_context(|| format!("{} belongs to no workspace", manifest.display()))?;
            let group = groups.entry((workspace.clone(), topic.bound));
            let group = group.or_insert_with(|| Group {
                manifest,
                packages: Vec::new(),
                bound: topic.bound,
            });
            group.packages.push(package.clone());
        }
        Ok(Plan {
            groups,
            environment: Vec::new(),
            triple: None,
        })
    }

    /// Whether anything of it is there in HPy's hybrid form.
    pub fn has_hybrids(&self) -> bool {
        self.groups.values().any(|group| group.bound != Bound::Free)
    }

    /// Builds for an ABI, into a folder that has nothing else. Returns the oldest glibc that all of
    /// it loads with.
    ///
    /// What is bound to CPython has no universal form, but a hybrid one.
    ///
    /// # Errors
    /// If anything does not compile. What is wrong is on standard error then.
    pub fn build(
        &self,
        abi: &Abi,
        glibc: Option<&GlibcLinker>,
        out: &Path,
    ) -> Result<Option<GlibcVersion>> {
        if out.exists() {
            // What an earlier run left must not stand in for what this one builds.
            std::fs::remove_dir_all(out)
                .with_context(|| format!("cannot empty {}", out.display()))?;
        }
        let mut oldest = None;
        let c_api = match abi {
            Abi::CPython(python) | Abi::Hybrid(python) if self.has_hybrids() => {
                headers::of(&python.path)
            }
            _ => CApi::NONE,
        };
        for group in self.groups.values() {
            let is_free = group.bound == Bound::Free;
            let skipped = matches!(abi, Abi::Hybrid(_)) && is_free;
            if skipped || group.bound.excused(c_api).is_some() {
                continue;
            }
            let mut request = BuildRequest::new(&group.manifest, abi.clone());
            request.packages.clone_from(&group.packages);
            request.out = Out::Folder(out.to_path_buf());
            request.quiet = true;
            request.shared = true;
            request.glibc = glibc.cloned();
            request.target = Some(crate::target());
            request.environment.clone_from(&self.environment);
            request.triple.clone_from(&self.triple);
            let built = cargo_hpy::build(&request).map_err(|error| anyhow!("{error}"))?;
            let needs = built.packages.iter().map(|package| package.glibc);
            oldest = needs.max().flatten().max(oldest);
        }
        Ok(oldest)
    }
}

fn metadata(manifest: &Path) -> Result<Value> {
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args([
            "metadata",
            "--no-deps",
            "--format-version=1",
            "--manifest-path",
        ])
        .arg(manifest)
        .output()
        .context("cargo does not start")?;
    if !output.status.success() {
        return Err(anyhow!(
            "{}",
            String::from_utf8_lossy(&output.stderr).trim().to_owned()
        ));
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// Manifest to workspace and name.
fn packages(metadata: &Value) -> Vec<(PathBuf, (PathBuf, String))> {
    let root = PathBuf::from(metadata["workspace_root"].as_str().unwrap_or_default());
    let packages = metadata["packages"].as_array().into_iter().flatten();
    packages
        .filter_map(|package| {
            let manifest = PathBuf::from(package["manifest_path"].as_str()?);
            Some((
                manifest,
                (root.clone(), package["name"].as_str()?.to_string()),
            ))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_names_and_workspace_of_packages() {
        let metadata = serde_json::json!({
            "workspace_root": "/w",
            "packages": [{
                "name": "hpy-test-lists",
                "manifest_path": "/w/tests/extensions/lists/Cargo.toml",
            }],
        });
        let read = packages(&metadata);
        assert_eq!(
            read,
            [(
                "/w/tests/extensions/lists/Cargo.toml".into(),
                ("/w".into(), "hpy-test-lists".to_string())
            )]
        );
    }
}
