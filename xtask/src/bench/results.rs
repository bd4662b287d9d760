//! The results that are kept, a file for each interpreter and release.

use std::path::PathBuf;

use anyhow::{Context, Result};
use serde_json::Value;

/// Puts a group's results into the interpreter's file, in place of those it has of the group.
/// All groups of the file.
///
/// # Errors
/// If the file cannot be read or written.
pub fn keep(key: &str, result: &Value) -> Result<Vec<Value>> {
    let folder = folder();
    std::fs::create_dir_all(&folder)
        .with_context(|| format!("cannot make {}", folder.display()))?;
    let file = folder.join(format!("{key}.json"));
    let mut groups: Vec<Value> = match file.is_file() {
        true => serde_json::from_slice(&std::fs::read(&file)?)
            .with_context(|| format!("cannot read {}", file.display()))?,
        false => Vec::new(),
    };
    match groups
        .iter_mut()
        .find(|one| one["group"] == result["group"])
    {
        Some(old) => *old = result.clone(),
        None => groups.push(result.clone()),
    }
    std::fs::write(&file, format!("{:#}\n", Value::from(groups.clone())))
        .with_context(|| format!("cannot write {}", file.display()))?;
    Ok(groups)
}

/// Of the release that the workspace is.
fn folder() -> PathBuf {
    hpy_tests::checkout()
        .join("bench/results")
        .join(env!("CARGO_PKG_VERSION"))
}
