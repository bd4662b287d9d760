//! Stubs, `NAME.pyi`: the types of an extension for type checkers and editors.
//!
//! They are made from the JSON descriptions in a library built with `hpy`'s feature `description`.
//! No Python is needed.

mod annotation;
mod class;
mod conversion;
mod files;
mod function;
mod json;
mod library;
mod literal;
mod module;

use std::path::PathBuf;

use crate::build::BuiltLibrary;
use crate::error::Result;
use crate::request::BuildRequest;
pub(crate) use files::{Outcome, other_form, refuse_to_overwrite, write_if_changed};
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
    /// The path of each file below the folder that modules are imported from, and its text.
    pub files: Vec<(PathBuf, String)>,
}

/// Builds the packages of `request` with descriptions, in separate target folders, and makes the
/// stubs of their modules.
///
/// Only cargo writes files. `in_package` means that the modules belong to a Python package, and so
/// import each other relatively.
///
/// # Errors
///
/// If the packages cannot be built, or if a library has no descriptions, as with `hpy-sys` alone.
pub fn stubs(request: &BuildRequest, in_package: bool) -> Result<Vec<Stubs>> {
    let mut request = request.clone();
    request.describe = true;
    let mut all = Vec::new();
    for BuiltLibrary {
        name,
        folder,
        library,
    } in crate::build::build_libraries(&request)?
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
