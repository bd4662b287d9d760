//! Stubs, `NAME.pyi`: what type checkers and editors know of an extension.
//!
//! They are made of what the library says of itself, in JSON, where it was built with `hpy`'s feature `description`. No Python is asked.

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
