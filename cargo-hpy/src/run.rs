//! Runs the program next to an extension, with the extension that was just built.

use std::env;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::build::BuiltPackage;
use crate::error::{Error, Result};
use crate::interpreter::Interpreter;

/// Runs `main.py` like `python main.py`, in the real `__main__`, but with the private folder first.
/// `main.py`'s own folder may contain an older build of the module. `PYTHONPATH` is not enough,
/// because a script's folder always precedes it.
///
/// With `PYTHONSAFEPATH` the interpreter does not add the script's folder, so `PYTHONPATH` is
/// enough.
const START: &str = "\
import sys
if not getattr(sys.flags, 'safe_path', False): sys.path[0:1] = sys.argv[1:3]
del sys.argv[:3]
__file__ = sys.argv[0]
__loader__ = sys.modules['_frozen_importlib_external'].SourceFileLoader('__main__', __file__)
exec(compile(__loader__.get_data(__file__), __file__, 'exec', dont_inherit=True))
";

/// The command that runs `main.py` in the folder of `package` with `arguments`, importing from
/// [`BuiltPackage::out`] and no older build. Subprocesses find it too, through `PYTHONPATH`.
///
/// `more` are further folders for the module search path, such as the one that
/// [`provide_hpy`](crate::provide_hpy) returns.
///
/// # Errors
///
/// If there is no `main.py`, or if a folder's name contains the separator of `PYTHONPATH`.
pub fn run_command(
    interpreter: &Interpreter,
    package: &BuiltPackage,
    more: &[PathBuf],
    arguments: &[OsString],
) -> Result<Command> {
    let main = main_file(&package.folder)?;
    let out = std::path::absolute(&package.out)
        .map_err(|error| Error::io("resolve", &package.out, error))?;
    let mut command = interpreter.command();
    command
        .args(["-c", START])
        .arg(&out)
        .arg(&package.folder)
        .arg(main)
        .args(arguments)
        .env("PYTHONPATH", search_path(&out, more, interpreter)?);
    Ok(command)
}

/// `main.py` in `folder`.
pub(crate) fn main_file(folder: &Path) -> Result<PathBuf> {
    let main = folder.join("main.py");
    if main.is_file() {
        return Ok(main);
    }
    Err(
        Error::new(format!("there is no {} to run", main.display())).advise(
            "write one that imports the extension and uses it; to build the importable files only: \
             cargo hpy build",
        ),
    )
}

/// `PYTHONPATH` with these folders first.
pub(crate) fn search_path(
    first: &Path,
    more: &[PathBuf],
    interpreter: &Interpreter,
) -> Result<OsString> {
    if cfg!(not(windows)) && interpreter.ext_suffix.ends_with(".pyd") {
        // Another system's folders are on the path that is there, with another separator.
        let folders = [first].into_iter().chain(more.iter().map(PathBuf::as_path));
        let folders: Vec<_> = folders.map(Path::as_os_str).collect();
        return Ok(folders.join(OsStr::new(";")));
    }
    let present = env::var_os("PYTHONPATH")
        .filter(|value| !value.is_empty())
        .unwrap_or_default();
    let present: Vec<_> = if present.is_empty() {
        Vec::new()
    } else {
        env::split_paths(&present).collect()
    };
    let folders = [first]
        .into_iter()
        .chain(more.iter().chain(&present).map(PathBuf::as_path));
    env::join_paths(folders).map_err(|error| {
        Error::new(format!(
            "cannot put {} on PYTHONPATH: {error}",
            first.display()
        ))
        .advise("choose another target folder with CARGO_TARGET_DIR")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_private_folder_comes_first() {
        let python = Interpreter::find(None).unwrap();
        let path = search_path(Path::new("/private"), &["/hpy".into()], &python).unwrap();
        let folders: Vec<_> = env::split_paths(&path).collect();
        assert_eq!(folders[..2], [PathBuf::from("/private"), "/hpy".into()]);
    }

    #[cfg(unix)]
    #[test]
    fn the_path_of_a_python_for_windows_has_its_separator() {
        let mut python = Interpreter::find(None).unwrap();
        python.ext_suffix = ".cp313-win_amd64.pyd".into();
        let path = search_path(Path::new("/private"), &["/hpy".into()], &python).unwrap();
        assert_eq!(path, "/private;/hpy");
    }

    #[test]
    fn a_missing_program_is_named() {
        let error = main_file(Path::new("/nowhere")).unwrap_err().to_string();
        assert!(
            error.contains("main.py to run") && error.contains("cargo hpy build"),
            "{error}"
        );
    }
}
