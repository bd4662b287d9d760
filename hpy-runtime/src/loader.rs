//! The Python file beside a universal binary.

/// The file itself, with `@MODULE@` and `@BINARY@` where the names go.
const TEMPLATE: &str = include_str!("loader.py");

/// Where it says which binary it loads.
const PATH: &str = "    path = os.path.join(here, \"@BINARY@\")\n";

/// The same for HPy's hybrid form. The version is between `@BEFORE@` and `@AFTER@`.
const HYBRID_PATH: &str = "    \
# HPy's hybrid form is for one version of CPython: a binary of each may lie here.
    if sys.implementation.name == \"cpython\":
        tag = \"cp%d%d\" % sys.version_info[:2] + getattr(sys, \"abiflags\", \"\")
    else:
        tag = sys.implementation.cache_tag
    path = os.path.join(here, \"@BEFORE@%s@AFTER@\" % tag)
    if not os.path.isfile(path):
        raise ImportError(
            \"%s is missing: %r is in HPy's hybrid form, \" % (path, name)
            + \"which is built for each version of CPython\",
            name=name,
            path=path,
        )
";

/// What stands for the version of CPython in the name of a hybrid binary.
const ANY_VERSION: &str = "cp*";

/// What every loader's first line begins with, and no hand-written file's.
const FIRST_WORDS: &str = "# hpy: imports the universal binary ";

/// The text of `MODULE.py`, which imports the module `module` from the file `binary` beside it.
///
/// It is the same on every interpreter and needs only the standard library. On import it chooses
/// one of three ways:
/// - the interpreter's own HPy, if it has one;
/// - with `HPY=debug`, `trace` or `universal` the package `hpy` (`hpy.universal._load_bootstrap`);
/// - else the runtime that the binary carries, by `PyInit_NAME`.
///
/// It puts the module into `sys.modules`, with `__file__`, `__loader__` and `__spec__` naming the
/// binary. It may lie in a package. `importlib.reload` leaves the module as it is, as with any
/// native extension. If `HPY` asks for `hpy.universal` and it is missing, an `ImportError` says
/// what to install or which interpreter to use.
///
/// `module` is the name in the binary's entry point (`HPyInit_NAME`). The binary need not be named
/// after the module. Several modules in one library each have a file, all naming the same binary.
///
/// A name with `cp*` in it is that of HPy's hybrid form, `NAME.hpy0-cp*.so`. The file then takes
/// the binary of the running version of CPython. If there is none, an `ImportError` names the
/// missing file.
///
/// # Panics
///
/// If a name has a quote, a backslash or a line break in it, which a Python string in double quotes
/// cannot hold as it is. Cargo allows none of them in a library's name, and no identifier has them.
///
/// # Example
///
/// ```
/// let text = hpy_runtime::loader("quickstart", "quickstart.hpy0.so");
/// assert!(text.contains("bootstrap(\"quickstart\", name,"));
/// assert!(hpy_runtime::is_loader(&text));
/// ```
pub fn loader(module: &str, binary: &str) -> String {
    for name in [module, binary] {
        assert!(
            !name.contains(['"', '\\', '\n', '\r', '@']) && !name.is_empty(),
            "{name:?} cannot be the name of a module or of a binary",
        );
    }
    let path = match binary.split_once(ANY_VERSION) {
        Some((before, after)) => HYBRID_PATH
            .replace("@BEFORE@", before)
            .replace("@AFTER@", after),
        None => PATH.to_owned(),
    };
    TEMPLATE
        .replace(PATH, &path)
        .replace("@MODULE@", module)
        .replace("@BINARY@", binary)
}

/// Whether [`loader`] made `text`, for this or another module. Such a file may be overwritten. One
/// that somebody wrote by hand may not.
pub fn is_loader(text: &str) -> bool {
    text.starts_with(FIRST_WORDS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_names_are_filled_in_everywhere() {
        let text = loader("one", "many.hpy0.so");
        assert!(!text.contains('@'));
        assert!(text.contains("bootstrap(\"one\", name,"));
        assert!(text.contains("os.path.join(here, \"many.hpy0.so\")"));
    }

    #[test]
    fn a_hybrid_binary_is_named_by_the_running_version() {
        let text = loader("one", "one.hpy0-cp*.so");
        assert!(text.contains("os.path.join(here, \"one.hpy0-%s.so\" % tag)"));
        assert!(!text.contains('@') && is_loader(&text));
        assert!(!loader("one", "one.hpy0.so").contains("tag"));
    }

    #[test]
    fn a_loader_is_told_from_a_file_written_by_hand() {
        assert!(is_loader(&loader("one", "one.hpy0.so")));
        assert!(!is_loader("# one.py, by hand\nimport one\n"));
    }

    #[test]
    #[should_panic(expected = "cannot be the name")]
    fn a_name_that_would_end_the_string_is_refused() {
        loader("one\"", "one.hpy0.so");
    }
}
