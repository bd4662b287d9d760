//! Stubs, `NAME.pyi`: what type checkers and editors know of an extension.
//!
//! They are made of what the library says of itself, in JSON, where it was built with `hpy`'s feature `description`. No Python is asked.

mod annotation;
mod class;
mod conversion;
mod function;
mod library;
mod module;

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::{BuildRequest, BuiltLibrary};
use library::Library;
pub use library::read_description;

/// The stubs of one package.
#[derive(Clone, Debug)]
pub struct Stubs {
    /// The package's name.
    pub package: String,
    /// The folder of its `Cargo.toml`.
    pub folder: PathBuf,
    /// The library that was read.
    pub library: PathBuf,
    /// Each file's name below the folder where the modules are imported from, and what belongs into it.
    pub files: Vec<(PathBuf, String)>,
}

/// Builds the packages of `request` with descriptions, in target folders of their own, and makes the stubs of their modules.
///
/// Nothing is written but what cargo writes. Where the modules belong to a Python package, `in_package` says so: they import each other
/// by their place then.
///
/// # Errors
///
/// What keeps the packages from being built; a library without descriptions, as one that uses `hpy-sys` alone is.
pub fn stubs(request: &BuildRequest, in_package: bool) -> Result<Vec<Stubs>> {
    let mut request = request.clone();
    request.describe = true;
    let mut all = Vec::new();
    for BuiltLibrary {
        name,
        folder,
        library,
    } in crate::build_libraries(&request)?
    {
        all.push(Stubs {
            files: Library::read(&library)?.stubs(in_package),
            package: name,
            folder,
            library,
        });
    }
    Ok(all)
}

/// The first line of every stub: a file without it was written by somebody else.
const FIRST_LINE: &str = "# Written by cargo hpy stubs.\n";

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
pub(crate) fn put(path: &Path, text: &str, only_check: bool) -> Result<Outcome> {
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
