//! Installs a built library where Python finds it, under the names that Python looks for.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process;

use crate::error::{Error, Result};
use crate::request::Abi;

/// A module that can be imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Module {
    /// The name to import.
    pub name: String,
    /// Its files: the native extension alone, or the Python file and the universal binary (which
    /// modules of one library share).
    pub files: Vec<PathBuf>,
}

/// The files to write for the modules of one library.
#[derive(Debug)]
pub(crate) struct InstallPlan {
    /// The names of the library's copies.
    copies: Vec<String>,
    /// The names of the Python files, with their texts.
    loaders: Vec<(String, String)>,
    /// The modules, with the names of their files.
    modules: Vec<(String, Vec<String>)>,
}

/// Which files the modules need.
///
/// Native: a copy for each module, with the interpreter's own suffix. Universal: one binary,
/// because copies would not share the library's statics, and a Python file for each module. The
/// binary is named after its only module, or after the library if there are several. Hybrid: the
/// same, but the binary's name contains the version of CPython, and the Python file loads the one
/// for the running version.
///
/// The names follow the library's system, by its extension: `.so` and `.dylib`, or `.dll`.
pub(crate) fn plan(abi: &Abi, library: &Path, modules: &[String]) -> Result<InstallPlan> {
    let mut plan = InstallPlan {
        copies: Vec::new(),
        loaders: Vec::new(),
        modules: Vec::new(),
    };
    match abi {
        Abi::CPython(interpreter) => {
            for module in modules {
                let file = format!("{module}{}", interpreter.ext_suffix);
                plan.modules.push((module.clone(), vec![file.clone()]));
                plan.copies.push(file);
            }
        }
        Abi::Universal | Abi::Hybrid(_) => {
            let stem = match modules {
                [module] => module.clone(),
                _ => library_name(library)?,
            };
            let end = if is_dll(library) { "pyd" } else { "so" };
            let (binary, named) = match abi {
                Abi::Hybrid(python) => {
                    let (major, minor, _) = python.version;
                    let version = format!("{major}{minor}{}", python.abi_flags);
                    let file = |version: &str| format!("{stem}.hpy0-cp{version}.{end}");
                    (file(&version), file("*"))
                }
                _ => {
                    let binary = format!("{stem}.hpy0.{end}");
                    (binary.clone(), binary)
                }
            };
            for module in modules {
                let file = format!("{module}.py");
                plan.loaders
                    .push((file.clone(), hpy_runtime::loader(module, &named)));
                plan.modules
                    .push((module.clone(), vec![file, binary.clone()]));
            }
            plan.copies.push(binary);
        }
    }
    Ok(plan)
}

impl InstallPlan {
    pub(crate) fn file_names(&self) -> impl Iterator<Item = &str> {
        let loaders = self.loaders.iter().map(|(name, _)| name);
        self.copies.iter().chain(loaders).map(String::as_str)
    }

    /// Writes the files into `out`. If `private`, the folder is this tool's, and all other files
    /// are removed.
    pub(crate) fn carry_out(
        &self,
        library: &Path,
        out: &Path,
        private: bool,
    ) -> Result<Vec<Module>> {
        fs::create_dir_all(out).map_err(|error| Error::io("make", out, error))?;
        for (name, _) in &self.loaders {
            refuse_to_overwrite(&out.join(name))?;
        }
        if private {
            self.clear(out)?;
        }
        let binary = fs::read(library).map_err(|error| Error::io("read", library, error))?;
        for name in &self.copies {
            write(&out.join(name), &binary)?;
        }
        for (name, text) in &self.loaders {
            write(&out.join(name), text.as_bytes())?;
        }
        let modules = self.modules.iter().map(|(name, files)| Module {
            name: name.clone(),
            files: files.iter().map(|file| out.join(file)).collect(),
        });
        Ok(modules.collect())
    }

    /// The names and contents of the files, without writing them.
    #[cfg(feature = "packaging")]
    pub(crate) fn contents(&self, library: &Path) -> Result<Vec<(String, Vec<u8>)>> {
        let binary = fs::read(library).map_err(|error| Error::io("read", library, error))?;
        let copies = self.copies.iter().map(|name| (name, binary.clone()));
        let loaders = self
            .loaders
            .iter()
            .map(|(name, text)| (name, text.clone().into_bytes()));
        let files = copies.chain(loaders);
        Ok(files
            .map(|(name, content)| (name.clone(), content))
            .collect())
    }

    fn clear(&self, out: &Path) -> Result<()> {
        let entries = fs::read_dir(out).map_err(|error| Error::io("list", out, error))?;
        for entry in entries.flatten() {
            let ours = self.file_names().any(|name| entry.file_name() == name);
            if !ours && entry.path().is_file() {
                let removed = fs::remove_file(entry.path());
                removed.map_err(|error| Error::io("remove", &entry.path(), error))?;
            }
        }
        Ok(())
    }
}

fn is_dll(library: &Path) -> bool {
    library.extension().is_some_and(|end| end == "dll")
}

/// `libwords.so`, `words.dll` -> `words`
fn library_name(library: &Path) -> Result<String> {
    let stem = library.file_stem().and_then(|stem| stem.to_str());
    let stem =
        stem.ok_or_else(|| Error::new(format!("{} has no usable name", library.display())))?;
    let prefix = if is_dll(library) { "" } else { "lib" };
    Ok(stem.strip_prefix(prefix).unwrap_or(stem).to_owned())
}

/// An existing Python file that was written by hand is not replaced.
fn refuse_to_overwrite(path: &Path) -> Result<()> {
    match fs::read(path) {
        Ok(text) if !hpy_runtime::is_loader(&String::from_utf8_lossy(&text)) => {
            let path = path.display();
            let taken = format!("{path} is in the way: it was not made by cargo hpy");
            Err(Error::new(taken).advise(
                "the file that imports the universal binary goes there; remove that file if you \
                 wrote it for `load`, rename it or the module, or choose another folder with --out",
            ))
        }
        _ => Ok(()),
    }
}

/// Writes a file unless it is unchanged. A library that a running Python has mapped is never
/// overwritten: the new file replaces its name.
fn write(path: &Path, content: &[u8]) -> Result<()> {
    match fs::read(path) {
        Ok(present) if present == content => return Ok(()),
        Err(error) if error.kind() != ErrorKind::NotFound => {
            return Err(Error::io("read", path, error));
        }
        _ => {}
    }
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.new", process::id()));
    let fresh = path.with_file_name(name);
    let written = fs::write(&fresh, content).and_then(|()| fs::rename(&fresh, path));
    written.map_err(|error| {
        // The error of writing matters. A leftover that cannot be removed does no harm.
        let _ = fs::remove_file(&fresh);
        Error::io("write", path, error)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Implementation, Interpreter};

    fn cpython() -> Abi {
        Abi::CPython(python())
    }

    fn python() -> Interpreter {
        Interpreter {
            path: "/usr/bin/python3".into(),
            implementation: Implementation::CPython,
            release: "3.11.7".into(),
            version: (3, 11, 7),
            abi_flags: String::new(),
            ext_suffix: ".cpython-311-x86_64-linux-gnu.so".into(),
            base_prefix: "/usr".into(),
            site_packages: PathBuf::new(),
            runner: Vec::new(),
            is_foreign: false,
        }
    }

    fn files(abi: &Abi, modules: &[&str]) -> Vec<String> {
        files_of("/t/libwords.so", abi, modules)
    }

    fn files_of(library: &str, abi: &Abi, modules: &[&str]) -> Vec<String> {
        let modules: Vec<String> = modules.iter().map(|name| name.to_string()).collect();
        let plan = plan(abi, Path::new(library), &modules).unwrap();
        plan.file_names().map(str::to_owned).collect()
    }

    #[test]
    fn a_native_module_has_the_interpreters_suffix_and_a_copy_each() {
        assert_eq!(
            files(&cpython(), &["one", "two"]),
            [
                "one.cpython-311-x86_64-linux-gnu.so",
                "two.cpython-311-x86_64-linux-gnu.so"
            ]
        );
    }

    #[test]
    fn a_universal_module_has_a_binary_of_its_name_and_a_python_file() {
        assert_eq!(files(&Abi::Universal, &["one"]), ["one.hpy0.so", "one.py"]);
    }

    #[test]
    fn a_hybrid_binary_has_the_version_in_its_name() {
        let mut python = python();
        assert_eq!(
            files(&Abi::Hybrid(python.clone()), &["one"]),
            ["one.hpy0-cp311.so", "one.py"]
        );
        python.abi_flags = "t".into();
        assert_eq!(
            files(&Abi::Hybrid(python), &["one", "two"]),
            ["words.hpy0-cp311t.so", "one.py", "two.py"]
        );
    }

    #[test]
    fn several_universal_modules_share_one_binary_named_after_the_library() {
        assert_eq!(
            files(&Abi::Universal, &["one", "two"]),
            ["words.hpy0.so", "one.py", "two.py"]
        );
    }

    #[test]
    fn names_follow_the_librarys_system_not_this_one() {
        let several = ["one", "two"];
        assert_eq!(
            files_of("/t/words.dll", &Abi::Universal, &several),
            ["words.hpy0.pyd", "one.py", "two.py"]
        );
        assert_eq!(
            files_of("/t/libwords.dll", &Abi::Hybrid(python()), &several),
            ["libwords.hpy0-cp311.pyd", "one.py", "two.py"]
        );
        assert_eq!(
            files_of("/t/libwords.dylib", &Abi::Universal, &several),
            ["words.hpy0.so", "one.py", "two.py"]
        );
    }

    #[test]
    fn the_own_folder_is_cleared_a_users_is_not_and_files_by_hand_stay() {
        let folder = std::env::temp_dir().join(format!("cargo-hpy-place-{}", process::id()));
        fs::create_dir_all(&folder).unwrap();
        let library = folder.join("libwords.so");
        fs::write(&library, "binary").unwrap();
        let out = folder.join("out");
        fs::create_dir_all(&out).unwrap();
        fs::write(out.join("stale.so"), "old").unwrap();

        let plan = plan(&Abi::Universal, &library, &["one".into()]).unwrap();
        let modules = plan.carry_out(&library, &out, false).unwrap();
        assert!(out.join("stale.so").exists());
        assert_eq!(
            modules[0].files,
            [out.join("one.py"), out.join("one.hpy0.so")]
        );
        assert_eq!(fs::read(&modules[0].files[1]).unwrap(), b"binary");

        plan.carry_out(&library, &out, true).unwrap();
        assert!(!out.join("stale.so").exists());
        assert!(out.join("one.py").exists());

        fs::write(out.join("one.py"), "print('by hand')\n").unwrap();
        let error = plan.carry_out(&library, &out, true).unwrap_err();
        assert!(
            error.to_string().contains("not made by cargo hpy"),
            "{error}"
        );
        assert_eq!(
            fs::read_to_string(out.join("one.py")).unwrap(),
            "print('by hand')\n"
        );
        fs::remove_dir_all(&folder).unwrap();
    }
}
