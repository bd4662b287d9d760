//! PyPI's source archives that a topic's tests use but that are not kept here.
//!
//! A topic names them in `sources.txt`, one `name==version` per line. They are unpacked once, below
//! the target folder. The tests find that folder in `HPY_TEST_SOURCES`.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

use anyhow::{Context, Result, bail};

use crate::environment::Environment;

/// What the file in a topic's folder is called.
const LIST: &str = "sources.txt";

/// What stands for the archives' build backends.
const BACKENDS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/harness/backends");

/// Cells run side by side: the first one unpacks, the others wait.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// The archives that the topic in `folder` names.
///
/// # Errors
/// If the list is there and cannot be read.
pub fn named_in(folder: &Path) -> Result<Vec<String>> {
    let list = folder.join(LIST);
    if !list.is_file() {
        return Ok(Vec::new());
    }
    let text = std::fs::read_to_string(&list)
        .with_context(|| format!("cannot read {}", list.display()))?;
    let lines = text.lines().map(str::trim);
    Ok(lines
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(str::to_owned)
        .collect())
}

/// Unpacks the archives that are not there yet; the folder in which each has one, `name-version`.
///
/// # Errors
/// If one cannot be had: the first run needs PyPI.
pub fn provide(target: &Path, archives: &[String]) -> Result<PathBuf> {
    let folder = target.join("hpy/tests/sources");
    // A panic elsewhere leaves complete folders or none.
    let _guard = ONE_AT_A_TIME
        .lock()
        .unwrap_or_else(|poisoned| poisoned.into_inner());
    for archive in archives {
        let place = folder.join(archive.replace("==", "-"));
        if !place.is_dir() {
            fetch(archive, &place).with_context(|| {
                format!(
                    "{archive}'s source archive could not be had: the first run needs PyPI, or a \
                     mirror (PIP_INDEX_URL) or folder (PIP_FIND_LINKS, PIP_NO_INDEX) that has it"
                )
            })?;
        }
    }
    Ok(folder)
}

fn fetch(archive: &str, place: &Path) -> Result<()> {
    // Debian's Python has no pip of its own. A virtual environment has one.
    let python = Environment::prepare(&crate::target())?.python;
    eprintln!("Downloading {archive}'s source archive from PyPI.");
    let attempt = place.with_extension(format!("{}.part", std::process::id()));
    let (download, unpacked) = (attempt.join("download"), attempt.join("unpacked"));
    std::fs::create_dir_all(&unpacked)
        .with_context(|| format!("cannot make {}", unpacked.display()))?;
    run(Command::new(python)
        .args(["-m", "pip", "download", "--quiet", "--no-deps"])
        .args(["--no-binary", ":all:", "--dest"])
        .arg(&download)
        .arg(archive)
        // Nothing of an archive is run to unpack it.
        .args(["--use-pep517", "--no-build-isolation"])
        .env("PYTHONPATH", BACKENDS)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("PIP_DISABLE_PIP_VERSION_CHECK", "1"))?;
    let file = std::fs::read_dir(&download)?
        .next()
        .with_context(|| format!("pip downloaded nothing for {archive}"))??;
    run(Command::new("tar")
        .arg("-xf")
        .arg(file.path())
        .arg("--strip-components=1")
        .arg("-C")
        .arg(&unpacked))?;
    // Another process may have been faster.
    let moved = std::fs::rename(&unpacked, place);
    std::fs::remove_dir_all(&attempt)
        .with_context(|| format!("cannot remove {}", attempt.display()))?;
    if !place.is_dir() {
        moved.with_context(|| format!("cannot make {}", place.display()))?;
    }
    Ok(())
}

fn run(command: &mut Command) -> Result<()> {
    let output = command
        .output()
        .with_context(|| format!("{command:?} does not start"))?;
    if !output.status.success() {
        bail!(
            "{command:?} failed:\n{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_names_its_archives_line_by_line() {
        let folder = std::env::temp_dir().join(format!("hpy-sources-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        assert_eq!(named_in(&folder).unwrap(), Vec::<String>::new());
        std::fs::write(folder.join(LIST), "# of whose tests\nujson==6.1.0\n\n").unwrap();
        assert_eq!(named_in(&folder).unwrap(), ["ujson==6.1.0"]);
        std::fs::remove_dir_all(folder).unwrap();
    }
}
