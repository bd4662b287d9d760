//! The build backend of Python projects: examples have copies of the one that `cargo hpy new`
//! writes.
//!
//! A link would do for Git, but not in a source archive, nor on Windows.

use std::path::Path;

use anyhow::{Context, Result, ensure};

use super::tracked;

const SOURCE: &str = "cargo-hpy/src/packaging/new/templates/cargo_hpy.py";

/// The copies that differ from their source. With `copies` they are written anew.
///
/// # Errors
/// If Git does not tell the files, or one cannot be read or written.
pub fn check(checkout: &Path, copies: bool) -> Result<Vec<String>> {
    let source = std::fs::read(checkout.join(SOURCE)).with_context(|| SOURCE)?;
    let files = tracked::files(checkout, &["*/backend/cargo_hpy.py"])?;
    ensure!(!files.is_empty(), "no example has a build backend");
    let mut findings = Vec::new();
    for file in files {
        let path = checkout.join(&file);
        if std::fs::read(&path).is_ok_and(|text| text == source) {
            continue;
        }
        if copies {
            std::fs::write(&path, &source).with_context(|| file.clone())?;
            continue;
        }
        findings.push(format!(
            "{file}: differs from {SOURCE}: change that one, then run `cargo xtask tidy --copy`"
        ));
    }
    Ok(findings)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    #[test]
    fn a_copy_that_differs_is_found_and_mended() {
        let folder = std::env::temp_dir().join(format!("hpy-backend-{}", std::process::id()));
        let copy = "examples/a/backend/cargo_hpy.py";
        for file in [SOURCE, copy, "examples/b/backend/cargo_hpy.py"] {
            let path = folder.join(file);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("it can be made");
            std::fs::write(path, "x = 1\n").expect("it can be written");
        }
        let git = |arguments: &[&str]| {
            let mut git = Command::new("git");
            let status = git.args(arguments).current_dir(&folder).status();
            assert!(status.expect("git runs").success());
        };
        git(&["init", "--quiet"]);
        git(&["add", "."]);
        assert_eq!(check(&folder, false).expect("a checkout"), [""; 0]);
        std::fs::write(folder.join(copy), "x = 2\n").expect("it can be written");
        let findings = check(&folder, false).expect("a checkout");
        assert_eq!(findings.len(), 1);
        assert!(findings[0].starts_with(copy), "{findings:?}");
        assert_eq!(check(&folder, true).expect("a checkout"), [""; 0]);
        assert_eq!(check(&folder, false).expect("a checkout"), [""; 0]);
        std::fs::remove_dir_all(folder).expect("it can be removed");
    }
}
