//! Compares what a library for macOS needs of Python with what CPython for macOS has.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use object::{Object, ObjectSymbol};

use crate::platforms::macos;

/// The functions and objects of CPython that the native extension among the installed files needs.
/// How many there are.
///
/// # Errors
/// If CPython lacks one, or there is no CPython for the target.
pub fn compare(installed: &Path, module: &str, triple: &str, provide: bool) -> Result<usize> {
    let name = format!(
        "__init__.cpython-{}-darwin.so",
        macos::VERSION.replace('.', "")
    );
    let extension = installed.join(module).join(name);
    let needed = symbols(&extension, |symbol| symbol.is_undefined())?;
    let needed: BTreeSet<_> = needed
        .into_iter()
        .filter(|name| is_of_python(name))
        .collect();
    ensure!(
        !needed.is_empty(),
        "{} needs no Python",
        extension.display()
    );
    let library = macos::python_library(triple, provide)?;
    let there = symbols(&library, |symbol| {
        symbol.is_definition() && symbol.is_global()
    })?;
    let missing: Vec<_> = needed.difference(&there).cloned().collect();
    if !missing.is_empty() {
        bail!("CPython for macOS lacks {}", missing.join(", "));
    }
    Ok(needed.len())
}

/// Mach-O puts an underscore before every C name.
fn is_of_python(symbol: &str) -> bool {
    symbol.starts_with("_Py") || symbol.starts_with("__Py")
}

fn symbols(
    path: &PathBuf,
    wanted: impl Fn(&object::Symbol<'_, '_>) -> bool,
) -> Result<BTreeSet<String>> {
    let data = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let file = object::File::parse(data.as_slice())
        .with_context(|| format!("{} is no library", path.display()))?;
    let found = file.symbols().filter(wanted);
    let names = found.filter_map(|symbol| symbol.name().ok().map(str::to_owned));
    Ok(names.collect())
}
