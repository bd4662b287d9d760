//! The stubs' files.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::json::{list, text};
use super::library::Library;
use super::module::{FIRST_LINE, Stub};
use crate::error::{Error, Result};

impl Library {
    /// The stubs of all modules.
    pub(super) fn stubs(&self, in_package: bool) -> Vec<(PathBuf, String)> {
        let mut files = Vec::new();
        for module in &self.modules {
            self.stub(module, &[], in_package, &mut files);
        }
        files
    }

    fn stub(
        &self,
        module: &Value,
        parents: &[String],
        in_package: bool,
        files: &mut Vec<(PathBuf, String)>,
    ) {
        let mut path = parents.to_vec();
        path.push(text(module, "name").to_owned());
        let mut file: PathBuf = path.iter().collect();
        if list(module, "submodules").is_empty() {
            file.set_extension("pyi");
        } else {
            file.push("__init__.pyi");
        }
        files.push((file, Stub::new(self, &path, in_package).write(module)));
        for submodule in list(module, "submodules") {
            self.stub(submodule, &path, in_package, files);
        }
    }
}

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Same,
    Written,
    /// It is not there, and was left so.
    Missing,
    /// It is not as it should be, and was left so.
    Differs,
}

/// The other file that would describe the same module, and that type checkers may take instead: `NAME.pyi` and `NAME/__init__.pyi`.
pub(crate) fn other_form(path: &Path) -> Option<PathBuf> {
    let folder = path.parent()?;
    let other = match path.file_name()?.to_str()? {
        "__init__.pyi" => folder.with_extension("pyi"),
        name => folder.join(name.strip_suffix(".pyi")?).join("__init__.pyi"),
    };
    other.is_file().then_some(other)
}

/// Whether somebody has written the file by hand. One that is empty is nobody's work.
fn is_by_hand(path: &Path, text: &[u8]) -> bool {
    let is_stub = path.extension().is_some_and(|extension| extension == "pyi");
    is_stub && !text.trim_ascii().is_empty() && !text.starts_with(FIRST_LINE.trim_end().as_bytes())
}

/// A stub that was written by hand stays.
pub(crate) fn refuse_to_overwrite(path: &Path) -> Result<()> {
    match fs::read(path) {
        Ok(present) if is_by_hand(path, &present) => Err(Error::new(format!(
            "{} is in the way: it was not written by cargo hpy stubs",
            path.display()
        ))
        .advise("move what you need of it elsewhere and run the command with --force, or choose another folder with --out")),
        _ => Ok(()),
    }
}

/// Writes a file unless it is as it should be, or only looks.
pub(crate) fn write_if_changed(path: &Path, text: &str, only_check: bool) -> Result<Outcome> {
    match fs::read(path) {
        Ok(present) if present == text.as_bytes() => return Ok(Outcome::Same),
        // A `py.typed` may say `partial`.
        Ok(_) if text.is_empty() => return Ok(Outcome::Same),
        Ok(_) if only_check => return Ok(Outcome::Differs),
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::NotFound => {
            if only_check {
                return Ok(Outcome::Missing);
            }
        }
        Err(error) => return Err(Error::io("read", path, error)),
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| Error::io("make", folder, error))?;
    }
    fs::write(path, text).map_err(|error| Error::io("write", path, error))?;
    Ok(Outcome::Written)
}
