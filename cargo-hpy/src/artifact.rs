//! Reads a built library's exports. Modules are recognized by their entry points.

use std::fs;
use std::path::{Path, PathBuf};

use object::Object;
use object::read::NameOrOrdinal;

use crate::error::{Error, Result};
use crate::request::Abi;
use crate::universal2;
use crate::workspace::Package;

/// The entry point of a native module, `PyInit_NAME`.
const NATIVE: &str = "PyInit_";
/// The entry point of a universal module, `HPyInit_NAME`.
const UNIVERSAL: &str = "HPyInit_";

/// The modules whose entry points a library exports, by name, in order.
#[derive(Debug)]
pub(crate) struct Exports {
    library: PathBuf,
    native: Vec<String>,
    universal: Vec<String>,
}

impl Exports {
    /// Reads the symbols that `library` exports (ELF, Mach-O or PE).
    pub(crate) fn read(library: &Path) -> Result<Self> {
        let data = fs::read(library).map_err(|error| Error::io("read", library, error))?;
        let unreadable = |error| {
            Error::new(format!(
                "cannot read the symbols of {}: {error}",
                library.display()
            ))
        };
        let file = object::File::parse(universal2::first(&data)).map_err(unreadable)?;
        let mut names = Vec::new();
        for export in file.exports().map_err(unreadable)? {
            // A symbol without a name, as on Windows, is not an entry point.
            if let NameOrOrdinal::Name(name) = export.map_err(unreadable)?.name() {
                names.push(String::from_utf8_lossy(name).into_owned());
            }
        }
        Ok(Self::sort_out(library, &names))
    }

    fn sort_out(library: &Path, names: &[String]) -> Self {
        let modules = |prefix: &str| {
            let mut modules: Vec<_> = names
                .iter()
                // Mach-O puts an underscore before every C name.
                .filter_map(|name| name.strip_prefix('_').unwrap_or(name).strip_prefix(prefix))
                .filter(|module| !module.is_empty())
                .map(str::to_owned)
                .collect();
            modules.sort();
            modules.dedup();
            modules
        };
        Exports {
            library: library.to_path_buf(),
            native: modules(NATIVE),
            universal: modules(UNIVERSAL),
        }
    }

    /// The modules of `package` in this ABI.
    pub(crate) fn modules(&self, package: &Package, abi: &Abi) -> Result<Vec<String>> {
        if self.native.is_empty() && self.universal.is_empty() {
            return Err(Error::new(format!(
                "{} exports no Python module",
                self.library.display()
            ))
            .advise(format!(
                "hpy_module! is missing in {}'s src/lib.rs; it takes at least\n\
                 hpy_module! {{ name: {}, methods: [] }}",
                package.name,
                package.name.replace('-', "_")
            )));
        }
        match abi {
            Abi::CPython(_) if self.universal.is_empty() => Ok(self.native.clone()),
            Abi::CPython(_) => Err(Error::new(format!(
                "{} was built for the universal ABI, not for CPython's",
                package.name
            ))
            .advise(format!(
                "take \"universal\" out of the default features in {}",
                package.manifest.display()
            ))),
            Abi::Universal | Abi::Hybrid(_) if self.universal.is_empty() => {
                let feature = abi.feature().unwrap_or_default();
                Err(Error::new(format!(
                    "{} was built with its feature \"{feature}\", but for CPython's ABI",
                    package.name
                ))
                .advise(format!(
                    "the feature must be passed on to hpy; {} needs:\n[features]\n{feature} = \
                     [\"hpy/{feature}\"]",
                    package.manifest.display()
                )))
            }
            Abi::Universal | Abi::Hybrid(_) => Ok(self.universal.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted_out(names: &[&str]) -> Exports {
        let names: Vec<String> = names.iter().map(|name| name.to_string()).collect();
        Exports::sort_out(Path::new("lib.so"), &names)
    }

    #[test]
    fn modules_are_known_by_their_entry_points() {
        let found = sorted_out(&[
            "HPyInit_two",
            "HPyInit_one",
            "HPyInitGlobalContext_one",
            "get_required_hpy_major_version_one",
            "PyInit_one",
            "rust_eh_personality",
            "PyInit_",
        ]);
        assert_eq!(found.universal, ["one", "two"]);
        assert_eq!(found.native, ["one"]);
    }

    #[test]
    fn an_underscore_before_the_symbol_is_not_the_modules_but_one_after_it_is() {
        assert_eq!(
            sorted_out(&["_PyInit_one", "PyInit__two"]).native,
            ["_two", "one"]
        );
    }

    #[test]
    fn a_real_file_is_read_and_one_that_is_no_library_is_an_error() {
        let this_test = std::env::current_exe().unwrap();
        let found = Exports::read(&this_test).unwrap();
        assert!(found.native.is_empty() && found.universal.is_empty());
        assert!(Exports::read(Path::new(file!())).is_err());
    }
}
